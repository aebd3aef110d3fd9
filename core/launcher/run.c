#include "config.h"

#include "launcher/run.h"

#include <unistd.h>

#include "launcher/events.h"
#include "launcher/runlock.h"

struct processes_result run_job(struct job *t)
{
	struct processes_result result = {.code = EXIT_FAILED, .broken = true};
	struct runlock lock = {.fd = -1};
	struct err e;
	if (runlock_take(&lock, t->state, &e)) {
		t->run = lock.run;
		struct processes_plan plan = {
		    .job = t, .lock = lock.fd, .verbose = spec_number(t->options->run, KEY_VERBOSE)};
		result = processes_run(&plan);
		result.worked = result.worked && !t->dry_run;
	} else {
		events_say(SAY_ERROR, "state", "%s", e.text);
	}
	t->run = NULL;
	runlock_drop(&lock, t->state, !result.broken);
	return result;
}
