#include "engine/run/removal.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/backoff.h"
#include "engine/journal/certificates.h"
#include "engine/journal/intents.h"
#include "engine/journal/orders.h"
#include "engine/journal/runs.h"
#include "engine/peers/keeper.h"
#include "engine/peers/launcher.h"
#include "engine/run/parts.h"

struct removal {
	struct world *e;
	struct keeper_call *call;
	struct loop_timer *end;
	int code;
	void (*fn)(void *arg, int code);
	void *arg;
};

static void ended(void *arg)
{
	struct removal *r = arg;

	r->fn(r->arg, r->code);
}

static void end(struct removal *r, int code)
{
	r->code = code;
	loop_timer_set(r->end, 0);
}

static void refuse(struct removal *r, int code, const char *event, const char *why)
{
	const char *id = r->e->job->remove;

	launcher_event(r->e->launcher, EVENT_ERROR, event, json_pack("{s:s}", "cert", id),
	               "%s: not removed: %s", id, why);
	end(r, code);
}

static void put_away(void *arg, const json_t *answer, const char *error)
{
	struct removal *r = arg;

	(void)answer;
	r->call = NULL;
	if (error) {
		refuse(r, EXIT_FAILED, "failed", error);
		return;
	}
	order_rows_forget(r->e->turn, r->e->job->remove);
	backoff_forget(r->e->turn, r->e->job->remove);
	certificate_forget(r->e->turn, r->e->job->remove);
	end(r, EXIT_DONE);
}

/* The claim is ours. */
static void go_on(struct removal *r)
{
	int64_t owed = intents_owed(r->e->turn, r->e->job->remove);
	struct err why;

	if (owed) {
		err_set(&why, "%lld TXT record%s of it %s still to be removed; type dnsproof clean first",
		        (long long)owed, owed == 1 ? "" : "s", owed == 1 ? "is" : "are");
		refuse(r, EXIT_CONFIG, "owed", why.text);
		return;
	}
	r->call = keeper_send(
	    r->e->keeper, json_pack("{s:s, s:s}", "op", "remove", "cert", r->e->job->remove), put_away, r);
}

struct removal *removal_new(struct world *e, const struct strs *alive, void (*fn)(void *arg, int code),
                            void *arg)
{
	struct removal *r = xcalloc(1, sizeof(*r));
	char *holder = NULL;

	*r = (struct removal){.e = e, .fn = fn, .arg = arg};
	r->end = loop_timer_new(e->loop, ended, r);
	switch (alive ? claim_take(e->turn, e->job->remove, e->job->run, alive, &holder) : CLAIM_FAILED) {
	case CLAIM_TAKEN:
	case CLAIM_TAKEN_OVER:
		go_on(r);
		break;
	case CLAIM_HELD:
		refuse(r, EXIT_CLAIMED, "claimed", "another dnsproof run is working on it");
		break;
	case CLAIM_FAILED: /* the journal: run_broken tells it */
		end(r, EXIT_FAILED);
		break;
	}
	free(holder);
	return r;
}

void removal_free(struct removal *r)
{
	if (!r)
		return;
	keeper_cancel(r->call);
	loop_timer_free(r->end);
	free(r);
}
