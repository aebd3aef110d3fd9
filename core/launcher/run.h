/* From a task to the exit code: lock file, session, end. */
#pragma once

#include "launcher/processes.h"
#include "launcher/job.h"

/* t->run is filled in here. A signal that ended the run is in the result; run_end acts on it. */
struct processes_result run_job(struct job *t);

/* Exits: dies of the signal that ended the run, if any, else returns the exit code. */
int run_end(const struct processes_result *r);
