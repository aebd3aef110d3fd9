#include "config.h"

#include "launcher/run.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "launcher/events.h"
#include "launcher/runlock.h"

struct session_result run_task(struct task *t)
{
	struct session_result result = { .code = EXIT_FAILED, .broken = true };
	struct runlock lock = { .fd = -1 };
	struct err e;
	if (runlock_take(&lock, t->state, &e)) {
		t->run = lock.run;
		struct session_plan plan = { .job = task_job(t), .keeper = task_keeper(t),
					     .accounts = t->accounts, .lock = lock.fd,
					     .verbose = t->options->verbose };
		result = session_run(&plan);
	} else {
		events_say(SAY_ERROR, "state", "%s", e.text);
	}
	t->run = NULL;
	runlock_drop(&lock, t->state, !result.broken);
	return result;
}

int run_end(const struct session_result *r)
{
	if (r->signum) {
		fflush(NULL);
		signal(r->signum, SIG_DFL);
		raise(r->signum);
	}
	return r->code;
}
