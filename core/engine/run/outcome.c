/* What the parts of a run tell it: how each ended, and who else lives. */
#include "engine/run/limited.h"
#include "engine/run/parts.h"

#include <assert.h>

#include "common/loop.h"
#include "engine/journal/prune.h"
#include "engine/journal/runs.h"
#include "engine/journal/turn.h"

int run_graver(int one, int other)
{
	static const int rank[] = {
	    [EXIT_DONE] = 0,    [EXIT_NOT_DUE] = 1, [EXIT_OWED] = 2,
	    [EXIT_CLAIMED] = 3, [EXIT_FAILED] = 4,  [EXIT_CONFIG] = 5,
	};

	return rank[one] > rank[other] ? one : other;
}

void run_note(struct run *r, int code)
{
	r->code = run_graver(code, r->code);
}

/* Of many certificates that are due anyway, one that a person must mend is a failure; only when nothing could begin is
 * it the whole run's (design section 10). */
void run_note_cert(struct run *r, int code)
{
	if (!r->e->job->renew) {
		run_note(r, code);
	} else if (code == EXIT_CONFIG) {
		r->misconfigured++;
	} else if (code != EXIT_NOT_DUE) {
		r->tried += code != EXIT_CLAIMED;
		run_note(r, code);
	}
}

void run_one_less(struct run *r)
{
	assert(r->busy);
	if (--r->busy)
		return;
	if (r->misconfigured)
		run_note(r, r->tried ? EXIT_FAILED : EXIT_CONFIG);
	if (r->stops)
		stops_tell(r->stops, r->e->launcher);
	limited_tell(r);
	loop_timer_stop(r->limit);
	loop_timer_stop(r->claims);
	loop_timer_stop(r->begin);
	if (!turn_is_broken(r->e->turn)) {
		journal_prune(r->e->turn);
		run_end(r->e->turn, r->e->job->run, r->e->job->renew && !r->e->job->named);
	}
	loop_timer_set(r->end, 0);
}

const struct strs *run_alive(struct run *r)
{
	struct world *e = r->e;
	uint64_t now = loop_now(e->loop);

	if (r->alive.n && now < r->alive_at + CLAIM_AGAIN_MS)
		return &r->alive;
	strs_free(&r->alive);
	if (!runs_alive(e->turn, e->job->state, e->job->run, &r->alive)) {
		strs_free(&r->alive);
		return NULL;
	}
	r->alive_at = now;
	return &r->alive;
}
