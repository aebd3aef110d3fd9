/* What a limit of a CA account lets nobody order now, that of all new orders aside: rows of "limited", as the engine
 * reports them (engine/run/report.h). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Until when none for the names (of several with a blank between them) is made at the account; 0 = it may be.
 * sets: does the limit of certificates for exactly these names count? */
int64_t ca_limited_until(const json_t *limited, const char *account, const char *names, bool sets);
