/* A private folder for one run of a script: its home, thrown away with all in it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SCRATCH_MOST = 128 };

/* Makes it (mode 0700, below TMPDIR or /tmp) and writes its path. False with errno. */
bool scratch_make(char path[SCRATCH_MOST]);
void scratch_remove(const char *path);

/* Removes those of this user that runs which were killed left more than an hour ago. */
void scratch_sweep(void);
