/* Names of accounts stand while a command works with them: each that reads accounts has a share of the lock, and the
 * one that renames them has it alone. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

/* *lock: to be closed when the names may change, -1 where there is no state folder yet. It does not wait: false with e
 * when another command is in the way. */
bool accounts_lock(const char *state, bool alone, int *lock, struct err *e);
