/* Removal of what a certificate's folder no longer needs. */
#pragma once

#include <stdint.h>

#include "keeper/folder.h"

#define PRUNE_KEEP      3            /* generations besides the live one */
#define PRUNE_STAGE_AGE (30 * 86400) /* seconds after which an abandoned stage goes */

/* Keeps the live generation and the newest before it; removes old stages. What cannot be removed is
 * warned of and stays. */
void prune(const struct folder *cert, const char *live, int64_t now);

/* Removes the stage of an order with its key, if there is one; durable on success. */
bool prune_stage(const struct folder *cert, const char *order, struct err *e);
