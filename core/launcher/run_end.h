/* The end of every command that made a run. */
#pragma once

#include "launcher/options.h"
#include "launcher/processes.h"

/* When all that came of it is remembered: writes STATE/status.json if it has done anything, then dies of the signal that
 * ended it, if any, else returns the exit code. */
int run_end(const struct processes_result *r, const char *state, const struct options *o);
