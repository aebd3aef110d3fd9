#include "fake_loop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "common/mem.h"

#define STUCK_MS 10000 /* real time after which a loop that waits for descriptors alone is a failure */

struct loop_timer {
	struct loop *loop;
	uint64_t due, order;
	bool set, freed;
	void (*fn)(void *);
	void *arg;
	struct loop_timer *next;
};

struct loop_fd {
	struct loop *loop;
	int fd, want, ready;
	bool freed;
	void (*fn)(void *arg, int ready);
	void *arg;
	struct loop_fd *next;
};

struct signal_watch {
	int signum;
	void (*fn)(void *arg, int signum);
	void *arg;
	struct signal_watch *next;
};

struct loop {
	uint64_t now, order;
	int64_t wall; /* milliseconds since 1970 where the other clock shows 0 */
	unsigned long touched;
	int patience;
	bool stopped;
	void (*turn_end)(void *);
	void *turn_arg;
	struct loop_timer *timers;
	struct loop_fd *fds;
	struct signal_watch *signals;
};

struct loop *loop_new(void)
{
	struct loop *l = xcalloc(1, sizeof(*l));

	l->now = 1000000;
	l->wall = (int64_t)time(NULL) * 1000 - (int64_t)l->now;
	return l;
}

static void sweep(struct loop *l)
{
	for (struct loop_timer **at = &l->timers, *t; (t = *at);) {
		if (!t->freed) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		free(t);
	}
	for (struct loop_fd **at = &l->fds, *f; (f = *at);) {
		if (!f->freed) {
			at = &f->next;
			continue;
		}
		*at = f->next;
		free(f);
	}
}

unsigned fake_loop_watchers(const struct loop *l)
{
	unsigned n = 0;

	for (const struct loop_timer *t = l->timers; t; t = t->next)
		n += !t->freed;
	for (const struct loop_fd *f = l->fds; f; f = f->next)
		n += !f->freed;
	return n;
}

void loop_free(struct loop *l)
{
	struct signal_watch *s;

	if (!l)
		return;
	if (fake_loop_watchers(l)) {
		fprintf(stderr, "fake loop: freed with %u timers or descriptors\n", fake_loop_watchers(l));
		abort();
	}
	sweep(l);
	while ((s = l->signals)) {
		l->signals = s->next;
		free(s);
	}
	free(l);
}

uint64_t loop_now(const struct loop *l)
{
	return l->now;
}

int64_t loop_wall(const struct loop *l)
{
	return (l->wall + (int64_t)l->now) / 1000;
}

void fake_loop_set_wall(struct loop *l, int64_t seconds)
{
	l->wall = seconds * 1000 - (int64_t)l->now;
}

void loop_stop(struct loop *l)
{
	l->stopped = true;
}

void loop_at_turn_end(struct loop *l, void (*fn)(void *), void *arg)
{
	l->turn_end = fn;
	l->turn_arg = arg;
	l->touched++;
}

struct loop_timer *loop_timer_new(struct loop *l, void (*fn)(void *), void *arg)
{
	struct loop_timer *t = xcalloc(1, sizeof(*t));

	*t = (struct loop_timer){.loop = l, .fn = fn, .arg = arg, .next = l->timers};
	return l->timers = t;
}

void loop_timer_set(struct loop_timer *t, uint64_t ms)
{
	t->set = true;
	t->due = ms > UINT64_MAX - t->loop->now ? UINT64_MAX : t->loop->now + ms;
	t->order = t->loop->order++;
	t->loop->touched++;
}

void loop_timer_stop(struct loop_timer *t)
{
	t->set = false;
}

void loop_timer_free(struct loop_timer *t)
{
	if (!t)
		return;
	t->set = false;
	t->freed = true;
}

struct loop_fd *loop_fd_new(struct loop *l, int fd, void (*fn)(void *arg, int ready), void *arg)
{
	struct loop_fd *f = xcalloc(1, sizeof(*f));

	*f = (struct loop_fd){.loop = l, .fd = fd, .fn = fn, .arg = arg, .next = l->fds};
	return l->fds = f;
}

void loop_fd_want(struct loop_fd *f, int events)
{
	f->want = events;
	f->loop->touched++;
}

void loop_fd_free(struct loop_fd *f)
{
	if (!f)
		return;
	f->want = 0;
	f->freed = true;
}

void loop_on_signal(struct loop *l, int signum, void (*fn)(void *arg, int signum), void *arg)
{
	struct signal_watch *s = xcalloc(1, sizeof(*s));

	*s = (struct signal_watch){.signum = signum, .fn = fn, .arg = arg, .next = l->signals};
	l->signals = s;
}

void fake_loop_signal(struct loop *l, int signum)
{
	for (struct signal_watch *s = l->signals; s; s = s->next)
		if (s->signum == signum)
			s->fn(s->arg, signum);
}

void fake_loop_patience(struct loop *l, int ms)
{
	l->patience = ms;
}

/* The timer that is set to fire first, of those set before `order`. */
static struct loop_timer *first_timer(struct loop *l, uint64_t order)
{
	struct loop_timer *first = NULL;

	for (struct loop_timer *t = l->timers; t; t = t->next) {
		if (!t->set || t->order >= order)
			continue;
		if (!first || t->due < first->due || (t->due == first->due && t->order < first->order))
			first = t;
	}
	return first;
}

static bool run_timers(struct loop *l)
{
	uint64_t order = l->order; /* those set from now on wait for the next turn */
	struct loop_timer *t;
	bool any = false;

	while ((t = first_timer(l, order)) && t->due <= l->now) {
		t->set = false;
		any = true;
		t->fn(t->arg);
	}
	return any;
}

/* Waits up to ms of real time; how many are watched goes to *watched. */
static bool poll_fds(struct loop *l, int ms, unsigned *watched)
{
	struct pollfd *p = NULL;
	nfds_t n = 0, i = 0;
	int ready;

	for (struct loop_fd *f = l->fds; f; f = f->next) {
		f->ready = 0;
		if (!f->want)
			continue;
		p = xgrow(p, n, sizeof(*p));
		p[n++] = (struct pollfd){.fd = f->fd,
		                         .events = (short)((f->want & LOOP_READ ? POLLIN : 0) |
		                                           (f->want & LOOP_WRITE ? POLLOUT : 0))};
	}
	*watched = (unsigned)n;
	ready = n ? poll(p, n, ms) : 0;
	for (struct loop_fd *f = l->fds; f && ready > 0; f = f->next) {
		if (!f->want)
			continue;
		if (p[i].revents & (POLLERR | POLLHUP | POLLNVAL))
			f->ready = LOOP_READ | LOOP_WRITE;
		if (p[i].revents & POLLIN)
			f->ready |= LOOP_READ;
		if (p[i].revents & POLLOUT)
			f->ready |= LOOP_WRITE;
		i++;
	}
	free(p);
	return ready > 0;
}

static void run_fds(struct loop *l)
{
	for (struct loop_fd *f = l->fds; f; f = f->next) {
		int ready = f->ready;

		f->ready = 0;
		if (ready && f->want && !f->freed)
			f->fn(f->arg, ready);
	}
}

/* True if the hook made work. */
static bool run_turn_end(struct loop *l)
{
	unsigned long before = l->touched;

	if (l->turn_end)
		l->turn_end(l->turn_arg);
	return l->touched != before;
}

static bool turn(struct loop *l, int wait_ms, unsigned *watched)
{
	bool any = run_timers(l);

	if (poll_fds(l, any ? 0 : wait_ms, watched)) {
		any = true;
		run_fds(l);
	}
	any |= run_turn_end(l);
	sweep(l);
	return any;
}

bool fake_loop_turn(struct loop *l)
{
	unsigned watched;

	return turn(l, l->patience, &watched);
}

void fake_loop_advance(struct loop *l, uint64_t ms)
{
	uint64_t end = l->now + ms;
	struct loop_timer *t;

	l->stopped = false;
	while (!l->stopped) {
		if (fake_loop_turn(l))
			continue;
		t = first_timer(l, UINT64_MAX);
		if (!t || t->due > end)
			break;
		l->now = t->due > l->now ? t->due : l->now;
	}
	if (l->now < end)
		l->now = end;
}

void loop_run(struct loop *l)
{
	struct loop_timer *t;
	unsigned watched;

	l->stopped = false;
	run_turn_end(l);
	while (!l->stopped) {
		t = first_timer(l, UINT64_MAX);
		if (turn(l, t ? l->patience : STUCK_MS, &watched))
			continue;
		if ((t = first_timer(l, UINT64_MAX))) {
			l->now = t->due > l->now ? t->due : l->now;
			continue;
		}
		if (!watched)
			break;
		fprintf(stderr, "fake loop: nothing happened for %d s and no timer is set\n",
		        STUCK_MS / 1000);
		abort();
	}
	sweep(l);
}
