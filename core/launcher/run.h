/* From a task to its result: lock file, session. */
#pragma once

#include "launcher/processes.h"
#include "launcher/job.h"

/* t->run is filled in here. A signal that ended the run is in the result; run_end (run_end.h) acts on it. */
struct processes_result run_job(struct job *t);
