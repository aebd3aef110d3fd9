/* One run: keeper and engine started and joined, the engine's wishes served, signals handled, all of
 * them seen to end. */
#pragma once

#include <jansson.h>

#include "launcher/account.h"
#include "launcher/exits.h"

struct session_plan {
	json_t *job, *keeper;            /* task.h; references stolen */
	const struct accounts *accounts; /* borrowed */
	int lock;                        /* the run's lock file, borrowed */
	unsigned verbose;
};

struct session_result {
	enum exit_code code;
	int signum;  /* the signal that ended the run; 0 = none */
	bool broken; /* engine or keeper did not end as it should, or was killed */
};

struct session_result session_run(const struct session_plan *p);
