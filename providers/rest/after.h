/* What follows a change: commit, waiting for a job; and `live`. */
#pragma once

#include "run.h"

/* A code of enum dnsproof_rc. */
int after_change(struct run *r);

/* Is the change on all servers of the provider? */
int after_live(struct run *r, int *live);
