#define _GNU_SOURCE
#include "config.h"

#include "common/loop.h"

#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"

#define STEP_MS 5000 /* longest wait in one piece, so that time asleep (suspend) is noticed */

struct signal_watch {
	uv_signal_t uv;
	void (*fn)(void *arg, int signum);
	void *arg;
	struct signal_watch *next;
};

struct loop {
	uv_loop_t uv;
	uv_prepare_t prepare;
	uv_check_t check;
	uv_idle_t idle;                      /* runs while the loop must not block */
	struct loop_timer *soon, **soon_end; /* set with 0 ms */
	struct loop_timer *firing;
	void (*turn_end)(void *);
	void *turn_arg;
	unsigned long touched; /* counts settings, to see whether turn_end made work */
	bool again, stopped;
	struct signal_watch *signals;
};

struct loop_timer {
	uv_timer_t uv;
	struct loop *loop;
	uint64_t due;
	void (*fn)(void *);
	void *arg;
	struct loop_timer *next, **link; /* link is NULL unless it waits among soon or firing */
};

struct loop_fd {
	uv_poll_t uv;
	struct loop *loop;
	int want;
	void (*fn)(void *arg, int ready);
	void *arg;
};

static void must(int rc, const char *what)
{
	if (rc < 0)
		log_fatal(70, "%s: %s", what, uv_strerror(rc));
}

uint64_t loop_now(const struct loop *l)
{
	return clock_ms();
}

int64_t loop_wall(const struct loop *l)
{
	return (int64_t)time(NULL);
}

static void on_idle(uv_idle_t *h)
{
}

static void stay_awake(struct loop *l)
{
	uv_idle_start(&l->idle, on_idle);
}

static void run_turn_end(struct loop *l)
{
	unsigned long before = l->touched;

	if (l->turn_end)
		l->turn_end(l->turn_arg);
	if (l->touched == before)
		return;
	l->again = true;
	stay_awake(l);
}

static void on_prepare(uv_prepare_t *h)
{
	run_turn_end(h->data);
}

static void unlink_soon(struct loop_timer *t)
{
	if (!t->link)
		return;
	*t->link = t->next;
	if (t->next)
		t->next->link = t->link;
	else if (t->loop->soon_end == &t->next)
		t->loop->soon_end = t->link;
	t->link = NULL;
	t->next = NULL;
}

static void on_check(uv_check_t *h)
{
	struct loop *l = h->data;
	struct loop_timer *t;

	l->again = false;
	l->firing = l->soon;
	l->soon = NULL;
	l->soon_end = &l->soon;
	if (l->firing)
		l->firing->link = &l->firing;
	while ((t = l->firing)) {
		unlink_soon(t);
		t->fn(t->arg);
	}
	if (!l->soon && !l->again)
		uv_idle_stop(&l->idle);
}

struct loop *loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));

	l->soon_end = &l->soon;
	must(uv_loop_init(&l->uv), "event loop");
	uv_prepare_init(&l->uv, &l->prepare);
	uv_check_init(&l->uv, &l->check);
	uv_idle_init(&l->uv, &l->idle);
	l->prepare.data = l->check.data = l->idle.data = l;
	uv_prepare_start(&l->prepare, on_prepare);
	uv_check_start(&l->check, on_check);
	uv_unref((uv_handle_t *)&l->prepare);
	uv_unref((uv_handle_t *)&l->check);
	return l;
}

static void free_handle(uv_handle_t *h)
{
	free(h->data);
}

void loop_free(struct loop *l)
{
	struct signal_watch *s, *next;

	if (!l)
		return;
	for (s = l->signals; s; s = next) {
		next = s->next;
		uv_close((uv_handle_t *)&s->uv, free_handle);
	}
	uv_close((uv_handle_t *)&l->prepare, NULL);
	uv_close((uv_handle_t *)&l->check, NULL);
	uv_close((uv_handle_t *)&l->idle, NULL);
	for (int i = 0; i < 100 && uv_loop_alive(&l->uv); i++)
		uv_run(&l->uv, UV_RUN_NOWAIT);
	if (uv_loop_close(&l->uv) < 0)
		log_fatal(70, "event loop: ended while timers or descriptors are still watched");
	free(l);
}

void loop_run(struct loop *l)
{
	l->stopped = false;
	do {
		uv_run(&l->uv, UV_RUN_DEFAULT);
		run_turn_end(l);
	} while (!l->stopped && uv_loop_alive(&l->uv));
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
	uv_stop(&l->uv);
}

void loop_at_turn_end(struct loop *l, void (*fn)(void *), void *arg)
{
	l->turn_end = fn;
	l->turn_arg = arg;
	l->touched++;
}

static void on_timer(uv_timer_t *h);

static void arm(struct loop_timer *t, uint64_t now)
{
	uint64_t left = t->due - now;

	uv_timer_start(&t->uv, on_timer, left < STEP_MS ? left : STEP_MS, 0);
}

static void on_timer(uv_timer_t *h)
{
	struct loop_timer *t = h->data;
	uint64_t now = loop_now(t->loop);

	if (now < t->due)
		arm(t, now);
	else
		t->fn(t->arg);
}

struct loop_timer *loop_timer_new(struct loop *l, void (*fn)(void *), void *arg)
{
	struct loop_timer *t = xcalloc(1, sizeof(*t));

	t->loop = l;
	t->fn = fn;
	t->arg = arg;
	uv_timer_init(&l->uv, &t->uv);
	t->uv.data = t;
	return t;
}

void loop_timer_set(struct loop_timer *t, uint64_t ms)
{
	struct loop *l = t->loop;
	uint64_t now = loop_now(l);

	loop_timer_stop(t);
	l->touched++;
	if (!ms) {
		t->link = l->soon_end;
		*l->soon_end = t;
		l->soon_end = &t->next;
		stay_awake(l);
		return;
	}
	t->due = ms > UINT64_MAX - now ? UINT64_MAX : now + ms;
	arm(t, now);
}

void loop_timer_stop(struct loop_timer *t)
{
	unlink_soon(t);
	uv_timer_stop(&t->uv);
}

void loop_timer_free(struct loop_timer *t)
{
	if (!t)
		return;
	loop_timer_stop(t);
	uv_close((uv_handle_t *)&t->uv, free_handle);
}

static void on_poll(uv_poll_t *h, int status, int events);

static void watch(struct loop_fd *f)
{
	int events = (f->want & LOOP_READ ? UV_READABLE : 0) | (f->want & LOOP_WRITE ? UV_WRITABLE : 0);

	if (events)
		must(uv_poll_start(&f->uv, events, on_poll), "watching a descriptor");
	else
		uv_poll_stop(&f->uv);
}

static void on_poll(uv_poll_t *h, int status, int events)
{
	struct loop_fd *f = h->data;
	int ready = (events & UV_READABLE ? LOOP_READ : 0) | (events & UV_WRITABLE ? LOOP_WRITE : 0);

	if (status < 0) {
		watch(f); /* libuv stops watching on an error */
		ready = LOOP_READ | LOOP_WRITE;
	}
	f->fn(f->arg, ready);
}

struct loop_fd *loop_fd_new(struct loop *l, int fd, void (*fn)(void *arg, int ready), void *arg)
{
	struct loop_fd *f = xcalloc(1, sizeof(*f));

	f->loop = l;
	f->fn = fn;
	f->arg = arg;
	must(uv_poll_init(&l->uv, &f->uv, fd), "watching a descriptor");
	f->uv.data = f;
	return f;
}

void loop_fd_want(struct loop_fd *f, int events)
{
	if (f->want == events)
		return;
	f->want = events;
	f->loop->touched++;
	watch(f);
}

void loop_fd_free(struct loop_fd *f)
{
	if (f)
		uv_close((uv_handle_t *)&f->uv, free_handle);
}

static void on_signal(uv_signal_t *h, int signum)
{
	struct signal_watch *s = h->data;

	s->fn(s->arg, signum);
}

void loop_on_signal(struct loop *l, int signum, void (*fn)(void *arg, int signum), void *arg)
{
	struct signal_watch *s = xcalloc(1, sizeof(*s));

	s->fn = fn;
	s->arg = arg;
	s->next = l->signals;
	l->signals = s;
	uv_signal_init(&l->uv, &s->uv);
	s->uv.data = s;
	must(uv_signal_start(&s->uv, on_signal, signum), "watching a signal");
	uv_unref((uv_handle_t *)&s->uv);
}
