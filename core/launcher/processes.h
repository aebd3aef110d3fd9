/* One run: keeper and engine started and joined, the engine's wishes served, signals handled, all of
 * them seen to end. */
#pragma once

#include <jansson.h>

#include "launcher/dns_account.h"
#include "launcher/exit_code.h"

struct processes_plan {
	json_t *job, *keeper;                /* task.h; references stolen */
	const struct dns_accounts *accounts; /* borrowed */
	int lock;                            /* the run's lock file, borrowed */
	unsigned verbose;
};

struct processes_result {
	enum exit_code code;
	int signum;  /* the signal that ended the run; 0 = none */
	bool broken; /* engine or keeper did not end as it should, or was killed */
};

struct processes_result processes_run(const struct processes_plan *p);
