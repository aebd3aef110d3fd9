#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/acme/rfc3339.h"
#include "engine/journal/runs.h"
#include "engine/order/resolution.h"
#include "engine/journal/turn.h"
#include "engine/journal/backoff.h"
#include "engine/limits/failures.h"
#include "engine/peers/keeper.h"
#include "engine/pool/pool.h"
#include "engine/run/advice.h"
#include "engine/run/facts.h"
#include "engine/run/limited.h"
#include "engine/run/parts.h"

#define ADOPT_AGAIN_MS 10000
#define TELL_AGAIN_MS  10000

void certs_init(struct run_certs *list)
{
	*list = (struct run_certs){.end = &list->first};
}

void certs_add(struct run_certs *list, struct run_cert *c)
{
	c->next = NULL;
	*list->end = c;
	list->end = &c->next;
}

struct run_cert *certs_take(struct run_certs *list, struct run_cert **at)
{
	struct run_cert *c = *at;

	*at = c->next;
	if (!c->next)
		list->end = at;
	c->next = NULL;
	return c;
}

static void cert_give_room(struct run_cert *c)
{
	if (!c->has_room)
		return;
	c->has_room = false;
	caps_give(c->run->caps, c->cert);
	if (c->under_way)
		stops_give(c->run->stops, c->cert);
	c->under_way = false;
	loop_timer_set(c->run->begin, 0);
}

void cert_end(struct run_cert *c, int code)
{
	assert(c->state != CERT_ENDED);
	c->state = CERT_ENDED;
	run_note_cert(c->run, code);
	if (c->lefts)
		run_remove(c->run, c->left, c->lefts, NULL, 0);
	else
		free(c->left);
	c->left = NULL;
	c->lefts = 0;
	advice_stop(c);
	cert_give_room(c);
	run_one_less(c->run);
}

/* What its end says of its accounts. */
static void cert_judge_accounts(struct run_cert *c, enum order_end end)
{
	struct stops *s = c->run->stops;

	if (end == ORDER_DONE || end == ORDER_DONE_OWED)
		stops_done(s, c->cert);
	else if (end == ORDER_PUT_OFF && order_limit(c->order).kind == JOB_LIMITS)
		stops_untried(s, c->cert, order_blame(c->order)->account);
	else if (end != ORDER_PUT_OFF)
		stops_failed(s, order_blame(c->order), order_error(c->order));
}

/* Thousands of orders may follow: what this one holds is freed now. */
static void cert_close_order(struct run_cert *c, enum order_end end)
{
	c->put_off = EXIT_NOT_DUE;
	if (c->under_way)
		cert_judge_accounts(c, end);
	if ((end == ORDER_NOT_DONE || end == ORDER_MISCONFIGURED) && !c->run->e->job->dry_run)
		cert_say_pause(c);
	if (end == ORDER_PUT_OFF && order_limit(c->order).kind != JOB_LIMITS)
		c->put_off = limited_note(c, order_limit(c->order));
	order_free(c->order);
	c->order = NULL;
}

static int code_of(const struct run_cert *c, enum order_end end, int done)
{
	return end == ORDER_DONE        ? done
	       : end == ORDER_DONE_OWED ? EXIT_OWED
	       : end == ORDER_NOT_DONE  ? EXIT_FAILED
	       : end == ORDER_PUT_OFF   ? c->put_off
	                                : EXIT_CONFIG;
}

static enum due cert_due(struct run_cert *c, const json_t *current, const struct due_when *when,
                         struct due_dates *dates)
{
	const struct job_ca *ca = job_ca(c->run->e->job, c->cert->ca);

	return due_of(current, c->cert, ca ? ca->directory : "", when, dates);
}

/* Until it is due, or the CA is to be asked about it, no run of everything needs to look at it; but for one that
 * `issue` made, which may have wanted something else than the index knows of. */
static void cert_note_facts(struct run_cert *c, const json_t *current, enum due due,
                            const struct due_dates *dates)
{
	int64_t ask = advice_ask_next(c), later = ask < dates->from ? ask : dates->from;

	bool later_will_do = (due == DUE_NOT || due == DUE_EARLY) && c->run->e->job->renew;

	facts_store(c->run->e, c->cert, current, dates, later_will_do ? later : 0);
}

static void cert_published(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;

	c->look = NULL;
	if (!error) {
		const struct due_when when = advice_when(c, answer);
		struct due_dates dates;
		enum due due = cert_due(c, answer, &when, &dates);

		cert_note_facts(c, answer, due, &dates);
	}
	cert_end(c, c->code);
}

static void cert_ask_current(struct run_cert *c, keeper_fn *fn)
{
	c->look = keeper_send(c->run->e->keeper,
	                      json_pack("{s:s, s:s}", "op", "current", "cert", c->cert->id), fn, c);
}

static void cert_ordered(void *arg, struct order *o, enum order_end end)
{
	struct run_cert *c = arg;

	cert_close_order(c, end);
	c->code = code_of(c, end, EXIT_DONE);
	if (end == ORDER_DONE || end == ORDER_DONE_OWED)
		cert_ask_current(c, cert_published);
	else
		cert_end(c, c->code);
}

static void cert_order_ended(struct run_cert *c, enum order_end end, int done)
{
	cert_close_order(c, end);
	cert_end(c, code_of(c, end, done));
}

static void cert_rehearsed(void *arg, struct order *o, enum order_end end)
{
	cert_order_ended(arg, end, EXIT_NOT_DUE);
}

static void cert_order(struct run_cert *c);

static void cert_trial_ended(void *arg, struct order *o, enum order_end end)
{
	struct run_cert *c = arg;

	if (!staging_lets_order(c, end)) {
		cert_order_ended(c, end, c->run->e->job->dry_run ? EXIT_DONE : EXIT_FAILED);
		return;
	}
	order_free(o);
	c->order = NULL;
	cert_order(c);
}

/* Others may wait for that. */
static void cert_account_works(void *arg, const char *account)
{
	struct run_cert *c = arg;

	stops_work(c->run->stops, account);
	loop_timer_set(c->run->begin, 0);
}

static struct resolution *cert_resolution(struct run_cert *c, struct err *err)
{
	return world_resolution(c->run->e, &c->cert->servers, &c->cert->resolvers, err);
}

/* An account that is gone is no trouble as long as another is there. */
static bool cert_has_dns(struct run_cert *c, struct err *err)
{
	for (size_t i = 0; i < c->cert->dns.n; i++)
		if (job_dns(c->run->e->job, c->cert->dns.at[i]))
			return true;
	return err_set(err,
	               "its DNS account %s is not remembered any more; type dnsproof issue --id %s --dns "
	               "PROVIDER and its --set options",
	               c->cert->dns.at[0], c->cert->id);
}

static void cert_misconfigured(struct run_cert *c, const struct err *err)
{
	cert_event(c, EVENT_ERROR, "failed", err->text);
	cert_end(c, EXIT_CONFIG);
}

static void cert_rehearse(struct run_cert *c)
{
	struct err err;
	struct resolution *how = cert_resolution(c, &err);

	if (how)
		c->order = order_rehearse(c->run->e, c->cert, how, cert_rehearsed, c);
	else
		cert_misconfigured(c, &err);
}

/* NULL when it was said what is wrong, and has ended. */
static struct ca_account *cert_ca_account(struct run_cert *c, const char *name, struct resolution **how)
{
	struct err err;
	struct ca_account *account = NULL;

	*how = cert_has_dns(c, &err) ? cert_resolution(c, &err) : NULL;
	if (*how)
		account = world_ca_account(c->run->e, name, (*how)->lookup, &err);
	if (!account)
		cert_misconfigured(c, &err);
	return account;
}

static void cert_try_order(struct run_cert *c)
{
	struct resolution *how;
	struct ca_account *account = cert_ca_account(c, c->cert->staging, &how);

	if (!account)
		return;
	c->order = order_new(c->run->e, c->cert, how, account, NULL, NULL, 0, cert_trial_ended, c);
	order_try(c->order);
}

static void cert_order(struct run_cert *c)
{
	struct run *r = c->run;
	struct txt **left = c->left;
	size_t lefts = c->lefts;
	struct resolution *how;
	struct ca_account *account = cert_ca_account(c, c->cert->ca, &how);

	if (!account)
		return;
	c->left = NULL;
	c->lefts = 0;
	c->order = order_new(r->e, c->cert, how, account, c->resumed.id ? &c->resumed : NULL, left, lefts,
	                     cert_ordered, c);
	order_on_work(c->order, cert_account_works);
	order_succeeds(c->order, &c->succession);
	if (c->advised)
		advice_heed(c);
}

static void cert_not_due(struct run_cert *c, const json_t *current, const struct due_dates *dates)
{
	cert_say_not_due(c, current, dates);
	if (c->cert->check && !c->run->winding_down)
		cert_rehearse(c);
	else
		cert_end(c, EXIT_NOT_DUE);
}

/* Ends the certificate when it is not, or asks the CA first. */
static void cert_advised(struct run_cert *c, const json_t *current);

static bool cert_is_due(struct run_cert *c, const json_t *current)
{
	const struct due_when when = advice_when(c, current);
	struct due_dates dates;
	enum due due = cert_due(c, current, &when, &dates);

	limited_learn(c, current, &when);
	c->advised = due == DUE_ADVISED;
	c->early = due == DUE_EARLY;
	/* What the CA did not say yet may be that it is too early. */
	bool asks = due == DUE_NOT || due == DUE_EARLY || (due == DUE_AGE && !when.advice);
	if (!c->cert->force && asks && advice_ask(c, current, &dates, cert_advised))
		return false;
	if (c->run->e->job->renew)
		cert_note_facts(c, current, due, &dates);
	if (!c->cert->force && due == DUE_NOT) {
		cert_not_due(c, current, &dates);
		return false;
	}
	cert_say_due(c, due, current, &dates);
	return true;
}

/* It failed before: only a person tries it again at once. */
static bool cert_rests(struct run_cert *c)
{
	const struct job *job = c->run->e->job;

	c->failed_before = c->failed_before || backoff_has_failed(c->run->e->turn, c->cert->ca, c->cert->id);
	if (!job->renew || job->retry) {
		if (c->state == CERT_BUSY)
			backoff_clear(c->run->e->turn, c->cert->ca, c->cert->id);
		return false;
	}
	if (c->cert->force || !cert_say_resting(c))
		return false;
	cert_end(c, EXIT_NOT_DUE);
	return true;
}

static void cert_tried(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;

	c->look = NULL;
	if (error) {
		cert_event(c, EVENT_ERROR, "failed", error);
		cert_end(c, json_is_true(json_object_get(answer, "usage")) ? EXIT_CONFIG : EXIT_FAILED);
	} else if (c->run->winding_down) {
		cert_end(c, EXIT_FAILED);
	} else if (staging_is_tried(c)) {
		cert_try_order(c);
	} else {
		cert_order(c);
	}
}

/* Before the order: what could not be published would be ordered again by each run. */
static void cert_try_place(struct run_cert *c)
{
	const char *account = c->run->e->job->dry_run ? c->cert->staging : c->cert->ca;
	json_t *request =
	    json_pack("{s:s, s:s, s:s}", "op", "tryout", "account", account, "cert", c->cert->id);

	c->look = keeper_send(c->run->e->keeper, request, cert_tried, c);
}

/* Ends the certificate when it is. Once it is claimed, its newOrder asks. */
static bool cert_is_limited(struct run_cert *c)
{
	int code;

	if (c->state == CERT_BUSY || !limited_now(c, &code))
		return false;
	cert_end(c, code);
	return true;
}

/* The same of one whose CA asked to come back later: what was won of it is kept. */
static bool cert_is_held(struct run_cert *c)
{
	int code;

	if (!limited_held(c, &code))
		return false;
	cert_end(c, code);
	return true;
}

static void cert_advised(struct run_cert *c, const json_t *current)
{
	if (!c->resumed.id && (!cert_is_due(c, current) || cert_rests(c) || cert_is_limited(c)))
		return;
	if (cert_is_held(c))
		return;
	if (c->run->winding_down) {
		cert_end(c, EXIT_FAILED);
	} else if (c->state != CERT_BUSY) {
		c->looked = true;
		cert_begin(c);
	} else {
		cert_try_place(c);
	}
}

static void cert_looked_at(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;

	c->look = NULL;
	if (error) {
		cert_event(c, EVENT_ERROR, "failed", error);
		cert_end(c, EXIT_FAILED);
	} else {
		cert_advised(c, answer);
	}
}

/* Work on provider hosts begins while the keeper looks. */
static void cert_claimed(struct run_cert *c)
{
	c->state = CERT_BUSY;
	for (size_t i = 0; i < c->cert->dns.n; i++)
		if (job_dns(c->run->e->job, c->cert->dns.at[i]))
			pool_warm(c->run->e->pool, c->cert->dns.at[i], NULL, NULL);
	if (c->run->e->job->dry_run)
		cert_try_place(c);
	else
		cert_ask_current(c, cert_looked_at);
}

/* Another run works on it: waits beside the queue, so that it takes nobody's room. */
static void cert_held(struct run_cert *c, const char *holder)
{
	struct run *r = c->run;
	uint64_t now = loop_now(r->e->loop);
	struct err err;
	char *who;

	if (r->e->job->renew && !r->e->job->named) { /* it is in good hands */
		cert_end(c, EXIT_NOT_DUE);
		return;
	}
	if (!c->waited) {
		c->claim_until = now + r->e->job->wait_ms;
		c->tell_at = now;
	}
	c->waited = true;
	if (!r->winding_down && now >= c->tell_at && now < c->claim_until) {
		who = cert_holder_words(holder);
		err_set(&err, "%s is working on it; waiting for it, at most %u s", who,
		        (unsigned)((c->claim_until - now) / 1000));
		free(who);
		cert_event(c, EVENT_INFO, "waiting", err.text);
		c->tell_at = now + TELL_AGAIN_MS;
	}
	if (!r->winding_down && now < c->claim_until) {
		c->state = CERT_HELD;
		certs_add(&r->held, c);
		cert_give_room(c);
		loop_timer_set(r->claims, CLAIM_AGAIN_MS);
		return;
	}
	who = cert_holder_words(holder);
	err_set(&err, "%s is working on it; --wait SECONDS waits for it", who);
	free(who);
	cert_event(c, EVENT_ERROR, "claimed", err.text);
	cert_end(c, EXIT_CLAIMED);
}

/* The claim and what its last holder left are taken in one transaction: else the order and the values of a run that
 * died while we waited would be nobody's. */
static enum claim cert_claim(struct run_cert *c, char **holder)
{
	struct run *r = c->run;
	const struct strs *alive = run_alive(r);
	enum claim claim =
	    alive ? claim_take(r->e->turn, c->cert->id, r->e->job->run, alive, holder) : CLAIM_FAILED;
	bool stale = loop_now(r->e->loop) >= r->adopted_at + ADOPT_AGAIN_MS;

	if (claim == CLAIM_TAKEN_OVER || (claim == CLAIM_TAKEN && (c->waited || stale)))
		run_adopt(r);
	return turn_db(r->e->turn) ? claim : CLAIM_FAILED;
}

/* Of many certificates most are not due: they are neither claimed nor is anything started for them. */
static bool cert_looks_first(const struct run_cert *c)
{
	return c->run->e->job->renew && !c->run->e->job->dry_run && !c->looked && !c->waited &&
	       !c->resumed.id;
}

static void cert_untried(struct run_cert *c)
{
	stops_untried(c->run->stops, c->cert, NULL);
	cert_end(c, EXIT_NOT_DUE);
}

/* Takes no room while it waits for what others learn about its accounts. */
static bool cert_admit(struct run_cert *c)
{
	struct run *r = c->run;

	switch (stops_judge(r->stops, c->cert)) {
	case STOP_GO:
		stops_take(r->stops, c->cert);
		c->under_way = true;
		return true;
	case STOP_WAIT:
		c->state = CERT_QUEUED;
		certs_add(&r->due, c);
		cert_give_room(c);
		return false;
	case STOP_RESTS:
		cert_untried(c);
		return false;
	}
	return false;
}

void cert_begin(struct run_cert *c)
{
	char *holder = NULL;

	assert(c->has_room);
	if (cert_looks_first(c)) {
		cert_ask_current(c, cert_looked_at);
		return;
	}
	if (!cert_admit(c))
		return;
	switch (cert_claim(c, &holder)) {
	case CLAIM_TAKEN:
	case CLAIM_TAKEN_OVER:
		cert_claimed(c);
		break;
	case CLAIM_HELD:
		cert_held(c, holder);
		break;
	case CLAIM_FAILED: /* the journal: run_broken tells it */
		cert_end(c, EXIT_FAILED);
		break;
	}
	free(holder);
}

/* They came first, so they need no room before they are free; then they take what there is. */
void certs_try_held(struct run *r)
{
	struct run_cert **at = &r->held.first;
	struct run_certs ready;

	certs_init(&ready);
	while (*at) {
		if (caps_take(r->caps, (*at)->cert)) {
			(*at)->has_room = true;
			certs_add(&ready, certs_take(&r->held, at));
		} else {
			at = &(*at)->next;
		}
	}
	while (ready.first)
		cert_begin(certs_take(&ready, &ready.first));
	if (r->held.first)
		loop_timer_set(r->claims, CLAIM_AGAIN_MS);
}

/* Those whose accounts are known by now to work, or to rest. */
void certs_try_due(struct run *r)
{
	struct run_cert **at = &r->due.first, *c;

	while ((c = *at)) {
		enum stop stop = stops_judge(r->stops, c->cert);

		if (stop == STOP_RESTS) {
			cert_untried(certs_take(&r->due, at));
		} else if (stop == STOP_GO && caps_take(r->caps, c->cert)) {
			certs_take(&r->due, at);
			c->has_room = true;
			cert_begin(c);
		} else {
			at = &c->next;
		}
	}
}

void cert_hurry(struct run_cert *c)
{
	if (c->order)
		order_wind_down(c->order);
	else if (advice_is_asked(c))
		cert_end(c, EXIT_NOT_DUE);
}

void cert_free(struct run_cert *c)
{
	order_free(c->order);
	advice_stop(c);
	free(c->replaces);
	if (c->look)
		keeper_cancel(c->look);
	for (size_t i = 0; i < c->lefts; i++)
		txt_free(c->left[i]);
	free(c->left);
	order_row_clear(&c->resumed);
}
