#include "config.h"

#include "engine/pool_account.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/pool_host.h"
#include "engine/pool_lock.h"
#include "engine/pool_rate.h"

#define BATCH_MOST    100
#define FAILURES_MOST 5     /* hosts in a row that ended without an answer */
#define PAUSE_MS      60000 /* after which such an account is tried again */
#define LOCK_RETRY_MS 100

struct pool_call {
	struct pool_account *account;
	struct pool_ask ask;
	struct pool_reply reply;
	pool_fn *fn; /* NULL when cancelled */
	void *arg;
	bool queued;
	struct pool_call *next;
};

struct calls {
	struct pool_call *first, **end;
};

/* A host and what it works on. */
struct worker {
	struct pool_account *account;
	struct pool_host *host;
	struct calls job; /* empty when idle */
	size_t job_n;
	struct pool_lock *lock;
	struct worker *next;
};

struct pool_account {
	struct loop *loop;
	struct control *control;
	struct pool_locks *locks;
	char *name;
	struct pool_hello hello;
	bool known; /* hello is there */
	struct calls queue, done;
	struct worker *workers;
	unsigned failures;
	char *dead; /* why no host is started */
	uint64_t dead_until;
	struct pool_rate rate;
	struct loop_timer *turn;  /* deliver and dispatch */
	struct loop_timer *retry; /* for locks of others and the rate */
	bool pushed;              /* since the turn began */
	bool busy, freed;
};

static void calls_init(struct calls *s)
{
	s->first = NULL;
	s->end = &s->first;
}

static void calls_add(struct calls *s, struct pool_call *c)
{
	c->next = NULL;
	*s->end = c;
	s->end = &c->next;
}

/* Takes out the call that *at points to. */
static struct pool_call *calls_take(struct calls *s, struct pool_call **at)
{
	struct pool_call *c = *at;

	*at = c->next;
	if (!c->next)
		s->end = at;
	c->next = NULL;
	return c;
}

static void call_free(struct pool_call *c)
{
	pool_ask_clear(&c->ask);
	pool_reply_clear(&c->reply);
	free(c);
}

static void calls_free(struct calls *s)
{
	while (s->first)
		call_free(calls_take(s, &s->first));
}

static bool is_write(const struct pool_call *c)
{
	return c->ask.op == POOL_ADD || c->ask.op == POOL_DEL;
}

static void finish(struct pool_account *a, struct pool_call *c)
{
	calls_add(&a->done, c);
	loop_timer_set(a->turn, 0);
}

static void finish_with(struct pool_account *a, struct pool_call *c, enum pool_rc rc, const char *message)
{
	pool_reply_set(&c->reply, rc, message);
	finish(a, c);
}

static void finish_job(struct worker *w)
{
	while (w->job.first)
		finish(w->account, calls_take(&w->job, &w->job.first));
	w->job_n = 0;
	pool_lock_release(w->lock);
	w->lock = NULL;
}

static void worker_free(struct worker *w)
{
	calls_free(&w->job);
	pool_lock_release(w->lock);
	pool_host_free(w->host);
	free(w);
}

/* Hosts -------------------------------------------------------------------------------------------- */

static void on_ready(void *arg, const struct pool_hello *hello)
{
	struct worker *w = arg;
	struct pool_account *a = w->account;

	a->hello = *hello;
	a->known = true;
	pool_rate_limit(&a->rate, hello->requests_per_minute);
	loop_timer_set(a->turn, 0);
}

static bool parse_job(struct worker *w, const json_t *answer, struct err *e)
{
	struct pool_reply *replies;
	struct pool_call *c;
	size_t i = 0;
	bool good;

	if (w->job_n == 1)
		return pool_reply_parse(answer, &w->job.first->reply, e);
	replies = xcalloc(w->job_n, sizeof(*replies));
	good = pool_batch_parse(answer, replies, w->job_n, e);
	for (c = w->job.first; c; c = c->next, i++) {
		if (good)
			c->reply = replies[i];
		else
			pool_reply_clear(&replies[i]);
	}
	free(replies);
	return good;
}

static void on_answer(void *arg, const json_t *answer)
{
	struct worker *w = arg;
	struct err e;

	if (!parse_job(w, answer, &e)) {
		pool_host_reject(w->host, e.text);
		return;
	}
	w->account->failures = 0;
	finish_job(w);
}

static void bury(struct pool_account *a, const char *why, uint64_t until)
{
	free(a->dead);
	a->dead = xstrdup(why);
	a->dead_until = until;
}

static void on_ended(void *arg, enum pool_host_end end, const char *why)
{
	struct worker *w = arg, **at;
	struct pool_account *a = w->account;

	for (struct pool_call *c = w->job.first; c; c = c->next)
		pool_reply_set(&c->reply, POOL_UNKNOWN, why);
	finish_job(w);
	for (at = &a->workers; *at != w;)
		at = &(*at)->next;
	*at = w->next;
	worker_free(w);
	if (end == POOL_HOST_REFUSED)
		bury(a, why, UINT64_MAX);
	else if (++a->failures >= FAILURES_MOST)
		bury(a, why, loop_now(a->loop) + PAUSE_MS);
	loop_timer_set(a->turn, 0);
}

static const struct pool_host_handlers host_handlers = {on_ready, on_answer, on_ended};

static void start_worker(struct pool_account *a)
{
	struct worker *w = xcalloc(1, sizeof(*w));

	w->account = a;
	calls_init(&w->job);
	w->next = a->workers;
	a->workers = w;
	w->host = pool_host_new(a->loop, a->control, a->name, &host_handlers, w);
}

/* Jobs --------------------------------------------------------------------------------------------- */

/* What a write of this call must have for itself; NULL if nothing. New. */
static char *scope_of(const struct pool_account *a, const struct pool_call *c)
{
	if (!is_write(c) || a->hello.replaces == POOL_RECORD)
		return NULL;
	if (a->hello.replaces == POOL_ZONE || a->hello.can_batch)
		return xasprintf("%s\n%s", a->name, c->ask.zone);
	return xasprintf("%s\n%s\n%s", a->name, c->ask.zone, c->ask.owner);
}

/* While a write of the zone runs, its others gather. */
static bool must_gather(const struct pool_account *a, const struct pool_call *c)
{
	if (!is_write(c) || !a->hello.can_batch)
		return false;
	for (const struct worker *w = a->workers; w; w = w->next) {
		const struct pool_call *other = w->job.first;

		if (other && is_write(other) && !strcmp(other->ask.zone, c->ask.zone))
			return true;
	}
	return false;
}

/* May this call go to a host now? Takes its lock. On POOL_LOCK_FAILED the call is finished. */
static enum pool_lock_result take_lock(struct pool_account *a, const struct pool_call *c,
				       struct pool_lock **lock, struct err *e)
{
	char *scope = scope_of(a, c);
	enum pool_lock_result result = POOL_LOCK_TAKEN;

	if (scope)
		result = pool_lock_try(a->locks, scope, lock, e);
	if (result == POOL_LOCK_OTHERS)
		loop_timer_set(a->retry, LOCK_RETRY_MS);
	free(scope);
	return result;
}

/* The rest of a batch: writes of the same zone, in their order. */
static void gather(struct pool_account *a, struct worker *w)
{
	const char *zone = w->job.first->ask.zone;
	struct pool_call **at = &a->queue.first;

	while (*at && w->job_n < BATCH_MOST) {
		if (!is_write(*at) || strcmp((*at)->ask.zone, zone)) {
			at = &(*at)->next;
			continue;
		}
		(*at)->queued = false;
		calls_add(&w->job, calls_take(&a->queue, at));
		w->job_n++;
	}
}

/* Gives the worker the first job that can be done now; false if there is none. */
static bool take_job(struct pool_account *a, struct worker *w)
{
	struct pool_call **at = &a->queue.first, *c;
	struct err e;

	while ((c = *at)) {
		enum pool_lock_result result =
		    must_gather(a, c) ? POOL_LOCK_OURS : take_lock(a, c, &w->lock, &e);

		if (result == POOL_LOCK_OURS || result == POOL_LOCK_OTHERS) {
			at = &c->next;
			continue;
		}
		calls_take(&a->queue, at);
		c->queued = false;
		if (result == POOL_LOCK_FAILED) {
			finish_with(a, c, POOL_TEMP, e.text);
			continue;
		}
		calls_add(&w->job, c);
		w->job_n = 1;
		if (is_write(c) && a->hello.can_batch)
			gather(a, w);
		return true;
	}
	return false;
}

static json_t *job_request(const struct worker *w, unsigned *ms)
{
	const struct pool_ask *asks[BATCH_MOST];
	size_t n = 0;

	*ms = 0;
	for (const struct pool_call *c = w->job.first; c; c = c->next) {
		asks[n++] = &c->ask;
		if (c->ask.ms > *ms)
			*ms = c->ask.ms;
	}
	return n == 1 ? pool_request(asks[0]) : pool_batch_request(asks, n);
}

static void send_job(struct pool_account *a, struct worker *w)
{
	unsigned ms;
	json_t *request = job_request(w, &ms);

	if (!request) {
		for (struct pool_call *c = w->job.first; c; c = c->next)
			pool_reply_set(&c->reply, POOL_INVALID, "a name or value that is no UTF-8");
		finish_job(w);
		return;
	}
	pool_rate_count(&a->rate, loop_now(a->loop));
	pool_host_send(w->host, request, ms);
}

static bool any_ready(const struct pool_account *a)
{
	for (const struct worker *w = a->workers; w; w = w->next)
		if (pool_host_is_up(w->host))
			return true;
	return false;
}

/* Answers what needs no host, or cannot have one. */
static void settle(struct pool_account *a)
{
	struct pool_call **at = &a->queue.first;

	while (*at) {
		struct pool_call *c = *at;
		bool warm = c->ask.op == POOL_WARM && any_ready(a);
		bool cannot = c->ask.op == POOL_LIST && a->known && !a->hello.can_list;

		if (!a->dead && !warm && !cannot) {
			at = &c->next;
			continue;
		}
		calls_take(&a->queue, at);
		c->queued = false;
		if (a->dead)
			finish_with(a, c, POOL_DEAD, a->dead);
		else if (warm)
			finish_with(a, c, POOL_OK, NULL);
		else
			finish_with(a, c, POOL_INVALID, "this provider cannot list values");
	}
}

static struct worker *idle_worker(struct pool_account *a)
{
	for (struct worker *w = a->workers; w; w = w->next)
		if (pool_host_is_up(w->host) && !w->job.first)
			return w;
	return NULL;
}

/* Is there anything for one host more? */
static bool wants_worker(const struct pool_account *a)
{
	unsigned n = 0, most = a->known ? a->hello.most_parallel : 1;

	for (const struct worker *w = a->workers; w; w = w->next, n++)
		if (!pool_host_is_up(w->host))
			return false; /* one comes, or goes and makes room */
	if (n >= most)
		return false;
	for (const struct pool_call *c = a->queue.first; c; c = c->next)
		if (!n || !must_gather(a, c))
			return true;
	return false;
}

static void dispatch(struct pool_account *a)
{
	struct worker *w;
	uint64_t wait;

	if (a->dead && loop_now(a->loop) >= a->dead_until) {
		free(a->dead);
		a->dead = NULL;
		a->failures = 0;
	}
	settle(a);
	while (a->queue.first && (w = idle_worker(a))) {
		if ((wait = pool_rate_wait(&a->rate, loop_now(a->loop)))) {
			loop_timer_set(a->retry, wait);
			return;
		}
		if (!take_job(a, w))
			break;
		send_job(a, w);
	}
	if (!idle_worker(a) && wants_worker(a))
		start_worker(a);
}

/* Deliveries --------------------------------------------------------------------------------------- */

static void deliver(struct pool_call *c)
{
	const struct pool_reply *r = &c->reply;
	const struct pool_answer answer = {
	    .rc = r->rc,
	    .message = r->message,
	    .after_s = r->after_s,
	    .handle = r->handle,
	    .values = r->has_values ? &r->values : NULL,
	};

	if (c->fn)
		c->fn(c->arg, &answer);
	call_free(c);
}

static void destroy(struct pool_account *a)
{
	free(a->name);
	free(a);
}

/* The only place where callbacks of the calls are called. */
static void on_turn(void *arg)
{
	struct pool_account *a = arg;
	struct pool_call *c;

	a->busy = true;
	a->pushed = false;
	while (!a->freed && (c = a->done.first)) {
		calls_take(&a->done, &a->done.first);
		deliver(c);
	}
	a->busy = false;
	if (a->freed)
		destroy(a);
	else if (!a->pushed) /* else once more with what comes in this turn */
		dispatch(a);
}

static void on_retry(void *arg)
{
	loop_timer_set(((struct pool_account *)arg)->turn, 0);
}

struct pool_account *pool_account_new(struct loop *l, struct control *control, struct pool_locks *locks,
				      const char *name)
{
	struct pool_account *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	a->control = control;
	a->locks = locks;
	a->name = xstrdup(name);
	a->turn = loop_timer_new(l, on_turn, a);
	a->retry = loop_timer_new(l, on_retry, a);
	calls_init(&a->queue);
	calls_init(&a->done);
	return a;
}

void pool_account_free(struct pool_account *a)
{
	struct worker *w;

	if (!a)
		return;
	while ((w = a->workers)) {
		a->workers = w->next;
		worker_free(w);
	}
	calls_free(&a->queue);
	calls_free(&a->done);
	loop_timer_free(a->turn);
	loop_timer_free(a->retry);
	pool_rate_free(&a->rate);
	free(a->dead);
	if (a->busy)
		a->freed = true;
	else
		destroy(a);
}

const char *pool_account_name(const struct pool_account *a)
{
	return a->name;
}

const struct pool_hello *pool_account_hello(const struct pool_account *a)
{
	return a->known ? &a->hello : NULL;
}

struct pool_call *pool_account_push(struct pool_account *a, struct pool_ask *ask, pool_fn *fn, void *arg)
{
	struct pool_call *c = xcalloc(1, sizeof(*c));

	c->account = a;
	c->ask = *ask;
	c->fn = fn;
	c->arg = arg;
	c->queued = true;
	*ask = (struct pool_ask){0};
	calls_add(&a->queue, c);
	a->pushed = true;
	loop_timer_set(a->turn, 0);
	return c;
}

void pool_account_cancel(struct pool_call *c)
{
	struct pool_call **at;

	if (!c->queued) {
		c->fn = NULL;
		return;
	}
	for (at = &c->account->queue.first; *at != c;)
		at = &(*at)->next;
	calls_take(&c->account->queue, at);
	call_free(c);
}

bool pool_account_died(struct pool_account *a, int host, const char *how, const char *last)
{
	for (struct worker *w = a->workers; w; w = w->next)
		if (pool_host_died(w->host, host, how, last))
			return true;
	return false;
}
