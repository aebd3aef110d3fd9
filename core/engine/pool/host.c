#include "config.h"

#include "engine/pool/host.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/wire.h"
#include "engine/peers/launcher.h"
#include "engine/pool/protocol.h"

#define START_MS  45000 /* until its first line */
#define EXTRA_MS  2000  /* after a request's deadline */
#define REPORT_MS 1000  /* for the launcher to say how it died */

enum host_state { HOST_WANTED, HOST_GREETED, HOST_READY, HOST_BUSY, HOST_ENDING };

struct pool_host {
	struct loop *loop;
	struct launcher *launcher;
	char *account;
	const struct pool_host_handlers *handlers;
	void *arg;
	enum host_state state;
	int number;
	struct wire *wire;
	struct loop_timer *timer;
	json_int_t id;
	unsigned ms;
	enum pool_host_end end;
	char *why;        /* what we ended it for, or its words when it refused; NULL if it ended itself */
	char *how, *last; /* the launcher's report */
};

static char *ending_text(const struct pool_host *h)
{
	const char *between = h->last && *h->last ? "; its last words: " : "";
	const char *last = h->last ? h->last : "";

	if (h->end == POOL_HOST_REFUSED)
		return xstrdup(h->why);
	if (h->why)
		return xasprintf("DNS account '%s': the provider host %s%s%s", h->account, h->why, between,
		                 last);
	return xasprintf("DNS account '%s': the provider host died (%s)%s%s", h->account,
	                 h->how ? h->how : "it closed its output", between, last);
}

static void report_end(struct pool_host *h)
{
	char *text = ending_text(h);

	h->handlers->ended(h->arg, h->end, text);
	free(text);
}

/* The rest comes by the timer, when the launcher has reported its death or is late with it. */
static void begin_end(struct pool_host *h)
{
	wire_free(h->wire);
	h->wire = NULL;
	h->state = HOST_ENDING;
	loop_timer_set(h->timer, h->how || h->number < 0 || h->end == POOL_HOST_REFUSED ? 0 : REPORT_MS);
}

static void kill_host(struct pool_host *h, char *why)
{
	free(h->why);
	h->why = why;
	if (h->number >= 0 && !h->how)
		launcher_kill_host(h->launcher, h->number);
	begin_end(h);
}

void pool_host_reject(struct pool_host *h, const char *why)
{
	if (h->state == HOST_GREETED)
		h->end = POOL_HOST_UNFIT;
	if (h->state != HOST_ENDING)
		kill_host(h, xasprintf("answered garbage (%s) and was killed", why));
}

static void on_timer(void *arg)
{
	struct pool_host *h = arg;

	if (h->state == HOST_ENDING) {
		report_end(h);
	} else if (h->how) {
		begin_end(h);
	} else if (h->state == HOST_WANTED) {
		launcher_cancel_host(h->launcher, h);
		kill_host(h, xasprintf("was not started by the launcher within %d s", START_MS / 1000));
	} else if (h->state == HOST_GREETED) {
		h->end = POOL_HOST_SILENT;
		kill_host(h, xasprintf("did not come up within %d s and was killed", START_MS / 1000));
	} else if (h->state == HOST_BUSY) {
		kill_host(h, xasprintf("did not answer within %u ms and was killed %d s later", h->ms,
		                       EXTRA_MS / 1000));
	}
}

static void on_hello(struct pool_host *h, const json_t *line)
{
	struct pool_hello hello;
	struct err e;

	switch (pool_hello_parse(line, &hello, &e)) {
	case POOL_HELLO_GOOD:
		loop_timer_stop(h->timer);
		h->state = HOST_READY;
		if (h->how)
			loop_timer_set(h->timer, REPORT_MS);
		h->handlers->ready(h->arg, &hello);
		break;
	case POOL_HELLO_REFUSED:
		h->end = POOL_HOST_REFUSED;
		h->why = xstrdup(e.text);
		begin_end(h);
		break;
	case POOL_HELLO_GARBAGE:
		pool_host_reject(h, e.text);
		break;
	}
}

static void on_answer(struct pool_host *h, const json_t *line)
{
	const json_t *id = json_object_get(line, "id");

	if (!json_is_integer(id) || json_integer_value(id) != h->id) {
		pool_host_reject(h, "the id is not that of the request");
		return;
	}
	loop_timer_stop(h->timer);
	h->state = HOST_READY;
	if (h->how)
		loop_timer_set(h->timer, REPORT_MS);
	h->handlers->answer(h->arg, line);
}

/* The wire ended: by what the host wrote, or since the host is gone. */
static void on_wire_end(struct pool_host *h, const char *why)
{
	if (str_starts(why, "closed"))
		begin_end(h);
	else
		pool_host_reject(h, why);
}

static void on_line(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct pool_host *h = arg;

	if (passed_fd >= 0)
		close(passed_fd);
	if (!line)
		on_wire_end(h, why);
	else if (passed_fd >= 0)
		pool_host_reject(h, "a descriptor came with it");
	else if (h->state == HOST_GREETED)
		on_hello(h, line);
	else if (h->state == HOST_BUSY)
		on_answer(h, line);
	else
		pool_host_reject(h, "an answer to nothing");
}

static void on_host(void *arg, int number, int fd, const char *error)
{
	struct pool_host *h = arg;

	if (error) {
		h->end = POOL_HOST_UNFIT;
		kill_host(h, xasprintf("could not be started: %s", error));
		return;
	}
	h->number = number;
	h->state = HOST_GREETED;
	h->wire = wire_new(h->loop, fd, fd, on_line, h);
	wire_send(h->wire, pool_greeting(), -1);
}

struct pool_host *pool_host_new(struct loop *l, struct launcher *launcher, const char *account,
                                const struct pool_host_handlers *handlers, void *arg)
{
	struct pool_host *h = xcalloc(1, sizeof(*h));

	h->loop = l;
	h->launcher = launcher;
	h->account = xstrdup(account);
	h->handlers = handlers;
	h->arg = arg;
	h->number = -1;
	h->timer = loop_timer_new(l, on_timer, h);
	loop_timer_set(h->timer, START_MS);
	launcher_want_host(launcher, account, on_host, h);
	return h;
}

void pool_host_free(struct pool_host *h)
{
	if (!h)
		return;
	if (h->state == HOST_WANTED)
		launcher_cancel_host(h->launcher, h);
	if ((h->state == HOST_GREETED || h->state == HOST_BUSY) && !h->how)
		launcher_kill_host(h->launcher, h->number);
	wire_free(h->wire);
	loop_timer_free(h->timer);
	free_all(h->account, h->why, h->how, h->last, h);
}

bool pool_host_is_up(const struct pool_host *h)
{
	return h->state == HOST_READY || h->state == HOST_BUSY;
}

bool pool_host_send(struct pool_host *h, json_t *request, unsigned ms)
{
	json_object_set_new(request, "id", json_integer(++h->id));
	json_object_set_new(request, "ms", json_integer(ms));
	if (!wire_send(h->wire, request, -1))
		return false;
	h->state = HOST_BUSY;
	h->ms = ms;
	if (!h->how)
		loop_timer_set(h->timer, (uint64_t)ms + EXTRA_MS);
	return true;
}

bool pool_host_died(struct pool_host *h, int number, const char *how, const char *last)
{
	if (h->number < 0 || h->number != number || h->how)
		return false;
	h->how = xstrdup(how);
	h->last = xstrdup(last);
	/* its wire may still hold an answer */
	loop_timer_set(h->timer, h->state == HOST_ENDING ? 0 : REPORT_MS);
	return true;
}
