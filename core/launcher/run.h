/* From a task to the exit code: lock file, session, end. */
#pragma once

#include "launcher/session.h"
#include "launcher/task.h"

/* t->run is filled in here. A signal that ended the run is in the result; run_end acts on it. */
struct session_result run_task(struct task *t);

/* Exits: dies of the signal that ended the run, if any, else returns the exit code. */
int run_end(const struct session_result *r);
