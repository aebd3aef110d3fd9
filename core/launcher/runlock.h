/* The run's lock file STATE/runs/RUN.lock: while any process of the run lives, it is flocked. A run whose
 * file is absent or not locked is dead. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

struct runlock {
	char *run; /* 20261121T204500Z-4711-ab12 */
	char *path;
	int fd; /* locked; to be inherited by engine and provider hosts */
};

bool runlock_take(struct runlock *r, const char *state, struct err *e);

/* Gives the lock up. After a run that ended well (`clean`) the file goes, and so do those of dead runs,
 * unless a process still holds it. */
void runlock_drop(struct runlock *r, const char *state, bool clean);
