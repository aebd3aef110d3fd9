#include "config.h"

#include "engine/pool/dns_account.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/peers/launcher.h"
#include "engine/pool/call.h"
#include "engine/pool/host.h"
#include "engine/pool/linger.h"
#include "engine/pool/pace.h"

#define FAILURES_MOST 5     /* hosts in a row that ended without an answer */
#define SILENT_COUNTS 3     /* so many of these: one more is tried, no third */
#define PAUSE_MS      60000 /* after which such an account is tried again */
#define BUSY_MS       100   /* until a host is asked again that said busy; doubled each time */
#define BUSY_MOST_MS  1000
#define TELL_MS       3000 /* that a call waits */

/* A host and what it works on. */
struct worker {
	struct dns_account *account;
	struct pool_host *host;
	struct pool_calls job; /* empty when idle */
	unsigned expected;     /* requests that the job may make */
	struct worker *next;
};

struct dns_account {
	struct loop *loop;
	struct launcher *launcher;
	char *name;
	struct pool_hello hello;
	bool known; /* hello is there */
	struct pool_calls queue, done;
	struct worker *workers;
	unsigned failures;
	char *dead;       /* why no host is started */
	bool dead_passes; /* it may be another time */
	uint64_t dead_until;
	struct pool_pace pace;
	struct pool_linger linger;
	bool told;                /* that calls wait for the pace */
	struct loop_timer *turn;  /* deliver and dispatch */
	struct loop_timer *hold;  /* for adds that wait too long */
	struct loop_timer *retry; /* for what others write and the pace */
	bool pushed;              /* since the turn began */
	bool busy, freed;
};

static void finish(struct dns_account *a, struct pool_call *c)
{
	pool_calls_add(&a->done, c);
	loop_timer_set(a->turn, 0);
}

static void finish_with(struct dns_account *a, struct pool_call *c, enum pool_rc rc, const char *message)
{
	pool_reply_set(&c->reply, rc, message);
	finish(a, c);
}

static void finish_dead(struct dns_account *a, struct pool_call *c)
{
	pool_reply_set(&c->reply, POOL_DEAD, a->dead);
	c->reply.passes = a->dead_passes;
	finish(a, c);
}

static void finish_job(struct worker *w)
{
	while (w->job.first)
		finish(w->account, pool_calls_take(&w->job, &w->job.first));
}

static void worker_free(struct worker *w)
{
	pool_calls_free(&w->job);
	pool_host_free(w->host);
	free(w);
}

/* Hosts -------------------------------------------------------------------------------------------- */

static void on_ready(void *arg, const struct pool_hello *hello)
{
	struct worker *w = arg;
	struct dns_account *a = w->account;

	a->hello = *hello;
	a->known = true;
	pool_pace_limit(&a->pace, hello->requests_per_minute);
	loop_timer_set(a->turn, 0);
}

/* What a provider has for the operator goes to him at once, before the answer is judged. */
static void show(const struct dns_account *a, const struct pool_call *c)
{
	if (c->reply.show && pool_call_writes(c))
		launcher_event(a->launcher, EVENT_INFO, "action",
		               json_pack("{s:s, s:s, s:s, s:s, s:s, s:i}", "dns", a->name, "op",
		                         c->ask.op == POOL_ADD ? "add" : "del", "zone", c->ask.zone, "owner",
		                         c->ask.owner, "value", c->ask.value, "ttl", (int)c->ask.ttl),
		               "%s", c->reply.show);
}

static unsigned busy_pause(unsigned times)
{
	unsigned ms = BUSY_MS;

	while (times-- > 1 && ms < BUSY_MOST_MS)
		ms *= 2;
	return ms < BUSY_MOST_MS ? ms : BUSY_MOST_MS;
}

/* What waits for another process to have written. */
static void busy_note(const struct dns_account *a, struct pool_call *c)
{
	uint64_t now = loop_now(a->loop);

	if (!c->busy++)
		c->busy_since = now;
	c->not_before = now + busy_pause(c->busy);
	if (!c->told && now - c->busy_since >= TELL_MS) {
		c->told = true;
		launcher_event(
		    a->launcher, EVENT_INFO, "waiting",
		    json_pack("{s:s, s:s, s:s}", "dns", a->name, "zone", c->ask.zone, "owner", c->ask.owner),
		    "%s: waiting for another dnsproof process that writes to zone %s", c->ask.owner,
		    c->ask.zone);
	}
}

/* Back to the head of the queue, in the order that they had. */
static void ask_again(struct worker *w)
{
	struct dns_account *a = w->account;
	struct pool_calls later = a->queue;

	pool_calls_init(&a->queue);
	while (w->job.first) {
		struct pool_call *c = pool_calls_take(&w->job, &w->job.first);

		busy_note(a, c);
		pool_reply_clear(&c->reply);
		c->queued = true;
		pool_calls_add(&a->queue, c);
	}
	while (later.first)
		pool_calls_add(&a->queue, pool_calls_take(&later, &later.first));
	loop_timer_set(a->turn, 0);
}

static void on_answer(void *arg, const json_t *answer)
{
	struct worker *w = arg;
	struct err e;

	if (!pool_calls_parse(&w->job, answer, &e)) {
		pool_host_reject(w->host, e.text);
		return;
	}
	w->account->failures = 0;
	pool_pace_end(&w->account->pace, w->job.first->ask.op, w->expected, pool_requests_parse(answer));
	if (pool_calls_busy(&w->job)) {
		ask_again(w);
		return;
	}
	for (const struct pool_call *c = w->job.first; c; c = c->next)
		show(w->account, c);
	finish_job(w);
}

static void bury(struct dns_account *a, enum pool_host_end end, const char *why)
{
	free(a->dead);
	a->dead = xstrdup(why);
	a->dead_until = end == POOL_HOST_REFUSED ? UINT64_MAX : loop_now(a->loop) + PAUSE_MS;
	a->dead_passes = end == POOL_HOST_LOST || end == POOL_HOST_SILENT;
}

static void failure_note(struct dns_account *a, enum pool_host_end end, const char *why)
{
	a->failures += end == POOL_HOST_SILENT ? SILENT_COUNTS : 1;
	if (a->failures >= FAILURES_MOST)
		bury(a, end, why);
	else if (end == POOL_HOST_SILENT)
		launcher_event(a->launcher, EVENT_WARN, "retry", json_pack("{s:s}", "dns", a->name),
		               "%s; trying again", why);
}

static void on_ended(void *arg, enum pool_host_end end, const char *why)
{
	struct worker *w = arg, **at;
	struct dns_account *a = w->account;

	if (w->job.first)
		pool_pace_end(&a->pace, w->job.first->ask.op, w->expected, w->expected);
	pool_calls_fail(&w->job, POOL_UNKNOWN, why);
	finish_job(w);
	for (at = &a->workers; *at != w;)
		at = &(*at)->next;
	*at = w->next;
	worker_free(w);
	if (end == POOL_HOST_REFUSED)
		bury(a, end, why);
	else
		failure_note(a, end, why);
	loop_timer_set(a->turn, 0);
}

static const struct pool_host_handlers host_handlers = {on_ready, on_answer, on_ended};

static void start_worker(struct dns_account *a)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	w->account = a;
	pool_calls_init(&w->job);
	w->next = a->workers;
	a->workers = w;
	w->host = pool_host_new(a->loop, a->launcher, a->name, &host_handlers, w);
}

/* Jobs --------------------------------------------------------------------------------------------- */

/* Two writes that replace the same set or zone would only hinder each other, and those that can go as one batch
 * wait for that. */
static bool same_scope(const struct dns_account *a, const struct pool_call *c, const struct pool_call *other)
{
	if (strcmp(c->ask.zone, other->ask.zone) != 0)
		return false;
	if (a->hello.can_batch || a->hello.replaces == POOL_ZONE)
		return true;
	return a->hello.replaces == POOL_RRSET && !strcmp(c->ask.owner, other->ask.owner);
}

/* While a write runs, the others of its scope gather. */
static bool must_gather(const struct dns_account *a, const struct pool_call *c)
{
	if (!pool_call_writes(c))
		return false;
	for (const struct worker *w = a->workers; w; w = w->next) {
		const struct pool_call *other = w->job.first;

		if (other && pool_call_writes(other) && same_scope(a, c, other))
			return true;
	}
	return false;
}

/* Others of its zone are about to come, and can go in the same request. */
static uint64_t lingers_until(const struct dns_account *a, const struct pool_call *c)
{
	if (!a->hello.can_batch || !pool_call_writes(c))
		return 0;
	return pool_linger_until(&a->linger, c->ask.zone, c->ask.op == POOL_ADD);
}

static uint64_t waits_until(const struct dns_account *a, const struct pool_call *c)
{
	uint64_t lingers = lingers_until(a, c);

	return c->not_before > lingers ? c->not_before : lingers;
}

static bool must_wait(const struct dns_account *a, const struct pool_call *c)
{
	return waits_until(a, c) > loop_now(a->loop);
}

/* So that the first of those that must wait is looked at in time. */
static void retry_set(struct dns_account *a)
{
	uint64_t soonest = UINT64_MAX;

	for (const struct pool_call *c = a->queue.first; c; c = c->next)
		if (must_wait(a, c) && waits_until(a, c) < soonest)
			soonest = waits_until(a, c);
	if (soonest != UINT64_MAX)
		loop_timer_set(a->retry, soonest - loop_now(a->loop));
}

static bool may_join(const struct dns_account *a, const struct pool_ask *first, const struct pool_call *c)
{
	if (strcmp(c->ask.zone ? c->ask.zone : "", first->zone) != 0)
		return false;
	if (first->op == POOL_LIST)
		return c->ask.op == POOL_LIST && strcmp(c->ask.owner, first->owner) == 0;
	return a->hello.can_batch && pool_call_writes(c);
}

/* What one request can be for: writes of the same zone, in their order, or lists of the same owner. */
static void gather(struct dns_account *a, struct worker *w)
{
	const struct pool_ask *first = &w->job.first->ask;
	struct pool_call **at = &a->queue.first;

	if (first->op != POOL_LIST && !pool_call_writes(w->job.first))
		return;
	while (*at && w->job.n < POOL_BATCH_MOST) {
		if (!may_join(a, first, *at)) {
			at = &(*at)->next;
			continue;
		}
		(*at)->queued = false;
		pool_calls_add(&w->job, pool_calls_take(&a->queue, at));
	}
}

/* Where the first call stands that can be made now; *at is NULL if there is none. */
static struct pool_call **next_call(struct dns_account *a)
{
	struct pool_call **at = &a->queue.first, *c;

	while ((c = *at) && (must_gather(a, c) || must_wait(a, c)))
		at = &c->next;
	return at;
}

static void take_job(struct dns_account *a, struct worker *w, struct pool_call **at)
{
	struct pool_call *c = pool_calls_take(&a->queue, at);

	c->queued = false;
	pool_calls_add(&w->job, c);
	gather(a, w);
	if (pool_call_writes(c))
		pool_linger_went(&a->linger, c->ask.zone);
}

static void send_job(struct dns_account *a, struct worker *w)
{
	unsigned ms;
	json_t *request = pool_calls_request(&w->job, &ms);

	a->told = false;
	w->expected = pool_pace_begin(&a->pace, w->job.first->ask.op);
	if (!request || !pool_host_send(w->host, request, ms)) {
		pool_calls_fail(&w->job, POOL_INVALID,
		                "a name or value that cannot be passed to the provider");
		pool_pace_end(&a->pace, w->job.first->ask.op, w->expected, 0);
		finish_job(w);
	}
}

static bool any_ready(const struct dns_account *a)
{
	for (const struct worker *w = a->workers; w; w = w->next)
		if (pool_host_is_up(w->host))
			return true;
	return false;
}

/* An add may take effect until a time that its owner wrote down before it was pushed: later it must not leave. */
static bool held_too_long(const struct dns_account *a, const struct pool_call *c)
{
	return (c->ask.op == POOL_ADD || c->busy) && loop_now(a->loop) >= c->hold_until;
}

/* Answers what needs no host, cannot have one, or has waited too long for it. */
static void settle(struct dns_account *a)
{
	struct pool_call **at = &a->queue.first;

	while (*at) {
		struct pool_call *c = *at;
		bool warm = c->ask.op == POOL_WARM && any_ready(a);
		bool cannot = c->ask.op == POOL_LIST && a->known && !a->hello.can_list;

		c->unsent = held_too_long(a, c);
		if (!a->dead && !warm && !cannot && !c->unsent) {
			at = &c->next;
			continue;
		}
		pool_calls_take(&a->queue, at);
		c->queued = false;
		if (a->dead)
			finish_dead(a, c);
		else if (c->unsent)
			finish_with(a, c, POOL_TEMP,
			            c->busy ? "another dnsproof process is writing to the zone"
			                    : "it waited too long for its turn");
		else if (warm)
			finish_with(a, c, POOL_OK, NULL);
		else
			finish_with(a, c, POOL_INVALID, "this provider cannot list values");
	}
}

static struct worker *idle_worker(struct dns_account *a)
{
	for (struct worker *w = a->workers; w; w = w->next)
		if (pool_host_is_up(w->host) && !w->job.first)
			return w;
	return NULL;
}

/* Is there anything for one host more? */
static bool wants_worker(const struct dns_account *a)
{
	unsigned n = 0, most = a->known ? a->hello.most_parallel : 1;

	for (const struct worker *w = a->workers; w; w = w->next, n++)
		if (!pool_host_is_up(w->host))
			return false; /* one comes, or goes and makes room */
	if (n >= most)
		return false;
	for (const struct pool_call *c = a->queue.first; c; c = c->next)
		if (!n || (!must_gather(a, c) && !must_wait(a, c)))
			return true;
	return false;
}

static void rate_tell(struct dns_account *a, uint64_t ms)
{
	if (a->told || ms < TELL_MS)
		return;
	a->told = true;
	launcher_event(a->launcher, EVENT_INFO, "waiting", json_pack("{s:s}", "dns", a->name),
	               "DNS account '%s': its API allows %u requests a minute; the next one in %llu s",
	               a->name, a->pace.rate.most, (unsigned long long)(ms + 999) / 1000);
}

static void dispatch(struct dns_account *a)
{
	struct pool_call **at;
	struct worker *w;
	uint64_t wait;

	if (a->dead && loop_now(a->loop) >= a->dead_until) {
		free(a->dead);
		a->dead = NULL;
		a->failures = 0;
	}
	settle(a);
	while ((w = idle_worker(a)) && *(at = next_call(a))) {
		if ((wait = pool_pace_wait(&a->pace, (*at)->ask.op))) {
			rate_tell(a, wait);
			loop_timer_set(a->retry, wait);
			return;
		}
		take_job(a, w, at);
		send_job(a, w);
	}
	retry_set(a);
	if (!idle_worker(a) && wants_worker(a))
		start_worker(a);
}

/* Deliveries --------------------------------------------------------------------------------------- */

static void destroy(struct dns_account *a)
{
	free(a->name);
	free(a);
}

/* The only place where callbacks of the calls are called. */
static void on_turn(void *arg)
{
	struct dns_account *a = arg;
	struct pool_call *c;

	a->busy = true;
	a->pushed = false;
	pool_pace_store(&a->pace);
	while (!a->freed && (c = a->done.first)) {
		pool_calls_take(&a->done, &a->done.first);
		pool_call_deliver(c);
	}
	a->busy = false;
	if (a->freed)
		destroy(a);
	else if (!a->pushed) /* else once more with what comes in this turn */
		dispatch(a);
}

static void on_retry(void *arg)
{
	loop_timer_set(((struct dns_account *)arg)->turn, 0);
}

struct dns_account *dns_account_new(struct loop *l, struct launcher *launcher, const char *name,
                                    const struct pool_requests *requests)
{
	struct dns_account *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	a->launcher = launcher;
	a->name = xstrdup(name);
	pool_pace_init(&a->pace, l, a->name, requests);
	a->turn = loop_timer_new(l, on_turn, a);
	a->retry = loop_timer_new(l, on_retry, a);
	a->hold = loop_timer_new(l, on_retry, a);
	pool_calls_init(&a->queue);
	pool_calls_init(&a->done);
	return a;
}

void dns_account_free(struct dns_account *a)
{
	struct worker *w;

	if (!a)
		return;
	while ((w = a->workers)) {
		a->workers = w->next;
		worker_free(w);
	}
	pool_calls_free(&a->queue);
	pool_calls_free(&a->done);
	loop_timer_free(a->turn);
	loop_timer_free(a->retry);
	loop_timer_free(a->hold);
	pool_linger_clear(&a->linger);
	free(a->dead);
	if (a->busy)
		a->freed = true;
	else
		destroy(a);
}

const char *dns_account_name(const struct dns_account *a)
{
	return a->name;
}

const struct pool_hello *dns_account_hello(const struct dns_account *a)
{
	return a->known ? &a->hello : NULL;
}

struct pool_call *dns_account_push(struct dns_account *a, struct pool_ask *ask, pool_fn *fn, void *arg)
{
	struct pool_call *c = xcalloc(1, sizeof(*c));

	c->account = a;
	c->ask = *ask;
	c->fn = fn;
	c->arg = arg;
	c->queued = true;
	*ask = (struct pool_ask){0};
	c->hold_until = loop_now(a->loop) + POOL_HOLD_MS;
	if (c->ask.op == POOL_ADD)
		loop_timer_set(a->hold, POOL_HOLD_MS); /* the last of them; each dispatch looks at all */
	if (pool_call_writes(c))
		pool_linger_came(&a->linger, c->ask.zone, c->ask.op == POOL_ADD, loop_now(a->loop));
	pool_calls_add(&a->queue, c);
	a->pushed = true;
	loop_timer_set(a->turn, 0);
	return c;
}

void dns_account_announce(struct dns_account *a, const char *zone, bool add)
{
	pool_linger_announce(&a->linger, zone, add);
}

void dns_account_withdraw(struct dns_account *a, const char *zone, bool add)
{
	if (pool_linger_withdraw(&a->linger, zone, add))
		loop_timer_set(a->turn, 0);
}

void dns_account_cancel(struct pool_call *c)
{
	struct pool_call **at;

	if (!c->queued) {
		c->fn = NULL;
		return;
	}
	for (at = &c->account->queue.first; *at != c;)
		at = &(*at)->next;
	pool_calls_take(&c->account->queue, at);
	pool_call_free(c);
}

bool dns_account_died(struct dns_account *a, int host, const char *how, const char *last)
{
	for (struct worker *w = a->workers; w; w = w->next)
		if (pool_host_died(w->host, host, how, last))
			return true;
	return false;
}
