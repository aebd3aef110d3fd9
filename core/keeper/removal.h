/* A certificate that is wanted no more: STATE/certs/ID goes to STATE/archive, or for good. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

/* archive: the folder's name there (made, 0700); NULL: it is deleted. An absent certificate is no failure, and again after a
 * crash is fine. */
bool removal_run(const char *state, const char *id, const char *archive, struct err *e);
