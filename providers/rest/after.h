/* What follows a change: commit, waiting for a job; and `live`. */
#pragma once

#include "run.h"

/* After an add or a del that went well. A code of enum dnsproof_rc. */
int after_call(struct run *r, bool changed);

/* Is the change on all servers of the provider? */
int after_live(struct run *r, int *live);
