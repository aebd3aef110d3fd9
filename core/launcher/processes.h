/* One run: keeper and engine started and joined, the engine's wishes served, signals handled, all of
 * them seen to end. */
#pragma once

#include "launcher/exit_code.h"
#include "launcher/job.h"

struct processes_plan {
	const struct job *job; /* borrowed */
	int lock;              /* the run's lock file, borrowed */
	unsigned verbose;
};

struct processes_result {
	enum exit_code code;
	int signum;  /* the signal that ended the run; 0 = none */
	bool broken; /* engine or keeper did not end as it should, or was killed */
	bool worked; /* it had something to tell: what `status` shows is another now */
};

struct processes_result processes_run(const struct processes_plan *p);
