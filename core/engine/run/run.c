#include "engine/run/run.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/account_names.h"
#include "engine/journal/certificates.h"
#include "engine/journal/prune.h"
#include "engine/journal/runs.h"
#include "engine/journal/turn.h"
#include "engine/run/parts.h"

#define RENEW_MS  (50 * 60 * 1000) /* cron starts the next run before it has been an hour */
#define LOOK_MOST 256              /* certificates looked at for one that has room, when the first has none */

static void run_ended(void *arg)
{
	struct run *r = arg;

	r->fn(r->arg, r->code);
}

/* Takes from the queue what there is room for, in its order but for accounts that are full. */
static void run_begin(void *arg)
{
	struct run *r = arg;
	struct run_cert **at, *c;

	certs_try_due(r);
	at = &r->queue.first;
	for (unsigned looked = 0; (c = *at) && looked < LOOK_MOST && !caps_full(r->caps); looked++) {
		if (!caps_take(r->caps, c->cert, c->ca)) {
			at = &c->next;
			continue;
		}
		certs_take(&r->queue, at);
		c->has_room = true;
		cert_begin(c);
	}
}

/* No new work: what has not begun ends. */
static void run_drop_waiting(struct run *r)
{
	while (r->queue.first)
		cert_end(certs_take(&r->queue, &r->queue.first), EXIT_FAILED);
	while (r->due.first)
		cert_end(certs_take(&r->due, &r->due.first), EXIT_FAILED);
	while (r->held.first)
		cert_end(certs_take(&r->held, &r->held.first), EXIT_FAILED);
}

static void run_limit(void *arg)
{
	struct run *r = arg;
	size_t waiting = 0;

	for (size_t i = 0; i < r->certs; i++)
		waiting += r->cert[i].state == CERT_QUEUED || r->cert[i].state == CERT_HELD;
	launcher_event(r->e->launcher, EVENT_WARN, "deadline",
	               json_pack("{s:I}", "waiting", (json_int_t)waiting),
	               "this run ends after 50 minutes; %zu certificate%s not begun; the next run goes on",
	               waiting, waiting == 1 ? " was" : "s were");
	run_wind_down(r);
}

static void run_claims(void *arg)
{
	certs_try_held(arg);
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(struct run_cert *const *)a)->cert->id, (*(struct run_cert *const *)b)->cert->id);
}

static void run_make_certs(struct run *r)
{
	const struct job *job = r->e->job;

	r->certs = job->certs;
	r->cert = xcalloc(r->certs ? r->certs : 1, sizeof(*r->cert));
	r->by_id = xcalloc(r->certs ? r->certs : 1, sizeof(*r->by_id));
	for (size_t i = 0; i < r->certs; i++) {
		r->cert[i] = (struct run_cert){.run = r, .cert = &job->cert[i]};
		cert_init(&r->cert[i]);
		r->by_id[i] = &r->cert[i];
		certs_add(&r->queue, &r->cert[i]);
	}
	qsort(r->by_id, r->certs, sizeof(*r->by_id), by_id);
	for (size_t i = 0; i < job->early.n; i++) {
		struct run_cert *c = run_cert_of(r, job->early.at[i]);
		if (c)
			c->early = true;
	}
	r->busy += r->certs;
}

static void run_task_ended(void *arg, int code)
{
	struct run *r = arg;

	run_note(r, code);
	run_one_less(r);
}

static bool run_dns_rests(void *arg, const char *dns_account)
{
	const struct run *r = arg;
	char *name = xasprintf("dns %s", dns_account);
	bool rests = stops_rest(r->stops, name);

	free(name);
	return rests;
}

/* Every other run works by the names as they were when it began. */
static int run_rename(struct run *r)
{
	const struct job *job = r->e->job;
	const struct strs *alive = run_alive(r);

	if (!alive)
		return EXIT_FAILED;
	if (alive->n > 1) {
		launcher_event(
		    r->e->launcher, EVENT_ERROR, "claimed", NULL,
		    "another dnsproof run is at work with the accounts; type this again when it has "
		    "ended");
		return EXIT_CLAIMED;
	}
	for (size_t i = 0; i < job->n_rename; i++) {
		const struct job_rename *n = &job->rename[i];
		if (n->dns)
			dns_account_rename(r->e->turn, n->from, n->to);
		else
			ca_account_rename(r->e->turn, n->from, n->to, n->keep);
	}
	return EXIT_DONE;
}

/* Our row, and what dead runs owe, in one transaction: a run that dies after it leaves all to the next. */
static void run_start(struct run *r)
{
	struct world *e = r->e;

	r->busy = 1;
	if (e->job->index_failed)
		run_note(r, EXIT_FAILED);
	if (e->job->task) {
		run_insert(e->turn, e->job->run);
		r->task = ca_task_new(e, run_task_ended, r);
		return;
	}
	if (e->job->renames) {
		run_insert(e->turn, e->job->run);
		run_task_ended(r, run_rename(r));
		return;
	}
	if (e->job->revokes) {
		run_insert(e->turn, e->job->run);
		r->revoking = revoke_task_new(e, run_task_ended, r);
		return;
	}
	if (e->job->remove) {
		run_insert(e->turn, e->job->run);
		r->removal = removal_new(e, run_alive(r), run_task_ended, r);
		return;
	}
	r->caps = caps_new(e->job);
	r->stops = stops_new(e->job, e->turn);
	e->dns_rests = run_dns_rests;
	e->dns_rests_arg = r;
	run_make_certs(r);
	run_insert(e->turn, e->job->run);
	for (size_t i = 0; i < e->job->checked.n; i++)
		certificate_verified(e->turn, e->job->checked.at[i]);
	order_rows_expire(e->turn, key_discard, r);
	run_adopt(r);
	if (r->certs)
		loop_timer_set(r->begin, 0);
	if (e->job->renew)
		loop_timer_set(r->limit, RENEW_MS);
	run_one_less(r);
}

static void run_broken(void *arg, const char *why)
{
	struct run *r = arg;

	launcher_event(r->e->launcher, EVENT_ERROR, "journal", NULL,
	               "%s: the journal cannot be written (%s); only removals continue", r->e->job->state,
	               why);
	run_note(r, EXIT_FAILED);
	r->winding_down = true;
	run_drop_waiting(r);
	for (size_t i = 0; i < r->certs; i++)
		orders_broken(&r->cert[i], "the journal cannot be written");
}

struct run *run_new(struct world *e, void (*fn)(void *arg, int code), void *arg)
{
	struct run *r = xcalloc(1, sizeof(*r));
	struct err err;
	enum world_end end;

	r->e = e;
	r->fn = fn;
	r->arg = arg;
	certs_init(&r->queue);
	certs_init(&r->held);
	certs_init(&r->due);
	r->end = loop_timer_new(e->loop, run_ended, r);
	r->claims = loop_timer_new(e->loop, run_claims, r);
	r->begin = loop_timer_new(e->loop, run_begin, r);
	r->limit = loop_timer_new(e->loop, run_limit, r);
	end = world_open(e, run_broken, r, &err);
	if (end == WORLD_OPEN) {
		run_start(r);
	} else {
		launcher_event(e->launcher, EVENT_ERROR, "failed", NULL, "%s", err.text);
		r->code = end == WORLD_MISCONFIGURED ? EXIT_CONFIG : EXIT_FAILED;
		loop_timer_set(r->end, 0);
	}
	return r;
}

void run_free(struct run *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->certs; i++)
		cert_free(&r->cert[i]);
	ca_task_free(r->task);
	revoke_task_free(r->revoking);
	removal_free(r->removal);
	for (size_t i = 0; i < r->nleftovers; i++)
		leftovers_free(r->leftovers[i]);
	for (size_t i = 0; i < r->limiteds; i++)
		free(r->limited[i].domain);
	free_all(r->leftovers, r->by_id, r->cert, r->limited);
	caps_free(r->caps);
	stops_free(r->stops);
	strs_free(&r->alive);
	strs_free(&r->deaf);
	loop_timer_free(r->end);
	loop_timer_free(r->claims);
	loop_timer_free(r->begin);
	loop_timer_free(r->limit);
	free(r);
}

void run_wind_down(struct run *r)
{
	r->winding_down = true;
	if (!r->busy)
		return;
	run_note(r, EXIT_FAILED);
	r->busy++; /* what ends below must not end the run before all was told */
	run_drop_waiting(r);
	for (size_t i = 0; i < r->certs; i++)
		cert_hurry(&r->cert[i]);
	for (size_t i = 0; i < r->nleftovers; i++)
		leftovers_wind_down(r->leftovers[i]);
	if (r->task)
		ca_task_wind_down(r->task);
	if (r->revoking)
		revoke_task_wind_down(r->revoking);
	run_one_less(r);
}
