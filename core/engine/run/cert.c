#include <assert.h>
#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/runs.h"
#include "engine/journal/turn.h"
#include "engine/journal/backoff.h"
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
	caps_give(c->run->caps, c->cert, c->ca);
	if (c->under_way)
		stops_give(c->run->stops, c->cert, c->ca);
	c->under_way = false;
	loop_timer_set(c->run->begin, 0);
}

static void key_end(struct run_key *k)
{
	if (k->lefts)
		run_remove(k->cert->run, k->left, k->lefts, NULL, 0);
	else
		free(k->left);
	k->left = NULL;
	k->lefts = 0;
	advice_stop(k);
}

void cert_end(struct run_cert *c, int code)
{
	assert(c->state != CERT_ENDED);
	c->state = CERT_ENDED;
	run_note_cert(c->run, code);
	for (size_t i = 0; i < c->keys; i++)
		key_end(&c->key[i]);
	cert_give_room(c);
	run_one_less(c->run);
}

/* "" where it is not of the job, NULL of no account. */
static const char *directory_of(const struct run_cert *c, const char *account)
{
	const struct job_ca *ca = account ? job_ca(c->run->e->job, account) : NULL;

	return ca ? ca->directory : account ? "" : NULL;
}

/* What each key type is: due or not, and why; the CA's advice is as good as it is known. */
static void cert_judge(struct run_cert *c, const json_t *current)
{
	const struct due_cas cas = {directory_of(c, c->cert->ca), directory_of(c, c->cert->backup)};
	bool early = false, due = false;

	for (size_t i = 0; i < c->keys; i++) {
		struct run_key *k = &c->key[i];
		const struct due_when when = advice_when(k, current);

		k->due = due_of(key_facts(k, current), c->cert, k->type, &cas, &when, &k->dates);
		if (i > 0 && k->due == DUE_NONE && json_object_get(current, "type"))
			k->due = DUE_KEY; /* the other is there */
		limited_learn(k, key_facts(k, current), &when);
		early = early || k->due == DUE_EARLY;
		due = due || (k->due != DUE_NOT && k->due != DUE_EARLY);
	}
	c->early = early && !due;
}

/* Until it is due, or the CA is to be asked about it, no run of everything needs to look at it; but for one that
 * `issue` made, which may have wanted something else than the index knows of. */
static void cert_note_facts(struct run_cert *c, const json_t *current)
{
	for (size_t i = 0; i < c->keys; i++) {
		const struct run_key *k = &c->key[i];
		int64_t ask = advice_ask_next(k), later = ask < k->dates.from ? ask : k->dates.from;
		bool due = k->due != DUE_NOT && k->due != DUE_EARLY;

		facts_store(c->run->e, c->cert, k->type, key_facts(k, current), &k->dates,
		            due || !c->run->e->job->renew ? 0 : later);
	}
}

static void cert_published(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;

	c->look = NULL;
	if (!error) {
		cert_judge(c, answer);
		cert_note_facts(c, answer);
	}
	cert_end(c, c->code);
}

static void cert_ask_current(struct run_cert *c, keeper_fn *fn)
{
	c->look = keeper_send(c->run->e->keeper,
	                      json_pack("{s:s, s:s}", "op", "current", "cert", c->cert->id), fn, c);
}

static void cert_ordered(struct run_cert *c)
{
	backup_learn(c);
	parking_learn(c);
	if (c->published)
		cert_ask_current(c, cert_published);
	else
		cert_end(c, c->code);
}

static void cert_not_due(struct run_cert *c, const json_t *current)
{
	const struct due_dates *first = &c->key[0].dates;

	for (size_t i = 1; i < c->keys; i++)
		if (c->key[i].dates.from < first->from)
			first = &c->key[i].dates;
	cert_say_not_due(c, current, first);
	if (c->cert->check && !c->run->winding_down)
		orders_rehearse(c);
	else
		cert_end(c, EXIT_NOT_DUE);
}

/* Ends the certificate when it is not, or asks the CA first. */
static void cert_advised(struct run_key *k, const json_t *current);

/* What the CA did not say yet may be that it is too early. */
static bool cert_asks(struct run_cert *c, const json_t *current)
{
	for (size_t i = 0; i < c->keys; i++) {
		struct run_key *k = &c->key[i];
		bool asks =
		    k->due == DUE_NOT || k->due == DUE_EARLY || (k->due == DUE_AGE && !k->dates.advice_known);

		if (asks && advice_ask(k, current, &k->dates, cert_advised))
			return true;
	}
	return false;
}

/* Both are renewed when either is due, so that they go on together; but one whose sibling failed is not renewed again
 * and again meanwhile. */
static void cert_choose(struct run_cert *c)
{
	int64_t now = loop_wall(c->run->e->loop);

	for (size_t i = 0; i < c->keys; i++) {
		struct run_key *k = &c->key[i];

		k->wanted = k->resumed.id || c->cert->force || !key_is_fresh(k, now);
	}
}

/* Once, of the first that is. */
static void cert_tell_due(struct run_cert *c, const json_t *current)
{
	const struct run_key *k = &c->key[0];

	while (k->due == DUE_NOT && k + 1 < c->key + c->keys)
		k++;
	cert_say_due(c, k->due, key_facts(k, current), &k->dates);
}

static bool cert_is_due(struct run_cert *c, const json_t *current)
{
	bool due = false, resumes = keys_resume(c);

	cert_judge(c, current);
	if (!c->cert->force && !resumes && cert_asks(c, current))
		return false;
	if (c->run->e->job->renew && !resumes)
		cert_note_facts(c, current);
	for (size_t i = 0; i < c->keys; i++)
		due = due || c->key[i].due != DUE_NOT;
	if (!c->cert->force && !resumes && !due) {
		cert_not_due(c, current);
		return false;
	}
	cert_choose(c);
	if (!resumes)
		cert_tell_due(c, current);
	return true;
}

/* It failed before: only a person tries it again at once. */
static bool cert_rests(struct run_cert *c)
{
	const struct job *job = c->run->e->job;

	c->failed_before = c->failed_before || backoff_has_failed(c->run->e->turn, c->ca, c->cert->id);
	if (!job->renew || job->retry) {
		if (c->state == CERT_BUSY)
			backoff_clear(c->run->e->turn, c->ca, c->cert->id);
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
	} else {
		orders_begin(c);
	}
}

/* Before the order: what could not be published would be ordered again by each run. */
static void cert_try_place(struct run_cert *c)
{
	const char *account = c->run->e->job->dry_run ? c->cert->staging : c->ca;
	json_t *request =
	    json_pack("{s:s, s:s, s:s}", "op", "tryout", "account", account, "cert", c->cert->id);

	c->look = keeper_send(c->run->e->keeper, request, cert_tried, c);
}

/* Ends the certificate when it is. Once it is claimed, its newOrder asks. */
static bool cert_is_limited(struct run_cert *c)
{
	int code;

	for (size_t i = 0; i < c->keys && c->state != CERT_BUSY; i++) {
		if (!c->key[i].wanted)
			continue;
		if (!limited_now(&c->key[i], &code))
			return false;
		cert_end(c, code);
		return true;
	}
	return false;
}

/* The same of one whose CA asked to come back later: what was won of it is kept. */
static bool cert_is_held(struct run_cert *c)
{
	struct run_key *k = c->key;
	int code;

	while (!k->wanted && k + 1 < c->key + c->keys)
		k++;
	if (!limited_held(k, &code))
		return false;
	backup_ca_holds(c, c->run->e->job->renew && k->succession.urgent);
	cert_end(c, code);
	return true;
}

static void cert_names_looked(struct run_cert *c)
{
	bool well = c->code == EXIT_NOT_DUE;

	c->ordered = cert_ordered;
	parking_looked(c, well);
	if (well)
		cert_try_place(c);
	else
		cert_end(c, EXIT_NOT_DUE);
}

/* Then it ends, or its names are looked at, which tells the CA nothing. */
static bool cert_is_parked(struct run_cert *c)
{
	enum parking parking = parking_judge(c);

	if (parking == PARKING_STAYS) {
		cert_end(c, EXIT_NOT_DUE);
	} else if (parking == PARKING_LOOK && c->state != CERT_BUSY) {
		c->looked = true;
		cert_begin(c);
	} else if (parking == PARKING_LOOK) {
		c->ordered = cert_names_looked;
		orders_rehearse(c);
	}
	return parking != PARKING_NOT;
}

static void cert_looked(struct run_cert *c, const json_t *current)
{
	if (!cert_is_due(c, current) ||
	    (!keys_resume(c) && (cert_is_parked(c) || cert_rests(c) || cert_is_limited(c))))
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

static void cert_advised(struct run_key *k, const json_t *current)
{
	cert_looked(k->cert, current);
}

static void cert_looked_at(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;

	c->look = NULL;
	if (error) {
		cert_event(c, EVENT_ERROR, "failed", error);
		cert_end(c, EXIT_FAILED);
	} else {
		cert_looked(c, answer);
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
	       !keys_resume(c);
}

static void cert_untried(struct run_cert *c)
{
	char *ca = xasprintf("ca %s", c->ca);

	if (stops_rest(c->run->stops, ca))
		backup_ca_rests(c);
	free(ca);
	stops_untried(c->run->stops, c->cert, c->ca, NULL);
	cert_end(c, EXIT_NOT_DUE);
}

/* Takes no room while it waits for what others learn about its accounts. */
static bool cert_admit(struct run_cert *c)
{
	struct run *r = c->run;

	switch (stops_judge(r->stops, c->cert, c->ca)) {
	case STOP_GO:
		stops_take(r->stops, c->cert, c->ca);
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

void cert_init(struct run_cert *c)
{
	keys_init(c);
	c->ca = backup_choose(c);
	c->ordered = cert_ordered;
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
		if (caps_take(r->caps, (*at)->cert, (*at)->ca)) {
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
		enum stop stop = stops_judge(r->stops, c->cert, c->ca);

		if (stop == STOP_RESTS) {
			cert_untried(certs_take(&r->due, at));
		} else if (stop == STOP_GO && caps_take(r->caps, c->cert, c->ca)) {
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
	bool asked = false;

	orders_hurry(c);
	for (size_t i = 0; i < c->keys; i++)
		asked = asked || advice_is_asked(&c->key[i]);
	if (asked)
		cert_end(c, EXIT_NOT_DUE);
}

void cert_free(struct run_cert *c)
{
	if (c->look)
		keeper_cancel(c->look);
	for (size_t n = 0; n < c->keys; n++) {
		struct run_key *k = &c->key[n];

		order_free(k->order);
		advice_stop(k);
		free(k->replaces);
		for (size_t i = 0; i < k->lefts; i++)
			txt_free(k->left[i]);
		free(k->left);
		order_row_clear(&k->resumed);
	}
}
