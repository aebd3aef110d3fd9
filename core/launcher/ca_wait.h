/* What a CA asked to be left in peace with, as the engine reports it: rows of "later" (engine/run/report.h). */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "launcher/ca_account.h"

/* Until when nothing is ordered at that account for the names, of several with a blank between them; 0 = it is. */
int64_t ca_wait_until(const json_t *later, const struct ca_account *a, const char *names);

/* "new orders", "the order of a.example": what a row is about; new string, printable. */
char *ca_wait_about(const json_t *row);
