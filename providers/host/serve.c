#include "config.h"

#include "serve.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"
#include "go.h"
#include "guard.h"
#include "host.h"
#include "request.h"

#define SETUP_FD 3
#define DRAIN_MS 1000

/* Says why, then waits a moment for the peer to close, so that unread input does not eat the words. */
static int refuse(int in, int out, const char *why)
{
	struct pollfd p = {.fd = in, .events = POLLIN};
	char chunk[4096];

	log_debug("cannot serve: %s", why);
	if (!wire_write(out, json_pack("{s:i,s:s}", "protocol", WIRE_PROTOCOL, "error", why)))
		return 2;
	if (out != in)
		close(out);
	while (poll(&p, 1, DRAIN_MS) > 0 && read(in, chunk, sizeof(chunk)) > 0)
		;
	return 2;
}

/* The engine's first line. 0 = go on, else the exit code. */
static int greeting_check(int in, int out, struct buf *rest)
{
	json_t *line;
	const char *why;
	int got = wire_read(in, rest, &line, &why), code = 0;

	if (got <= 0) {
		if (got < 0)
			log_error("the engine's first line: %s", why);
		return got < 0 ? 1 : -1;
	}
	if (json_integer_value(json_object_get(line, "protocol")) != WIRE_PROTOCOL)
		code = refuse(in, out, "the other side does not speak protocol 1");
	json_decref(line);
	return code;
}

static int answer_all(struct host *h, int in, int out, struct buf *rest)
{
	json_t *line;
	const char *why;
	int got;

	while ((got = wire_read(in, rest, &line, &why)) > 0) {
		json_t *answer = request_answer(h, line);

		json_decref(line);
		if (!wire_write(out, answer))
			return 0;
	}
	if (got < 0)
		log_error("the engine's line: %s", why);
	return got < 0 ? 1 : 0;
}

/* Over ssh, say, where nobody hands a lock over. */
static void tell_without_lock(const struct host *h)
{
	if (h->scopes.fd < 0 && h->session.provider.replaces != DNSPROOF_RECORD)
		log_warn(
		    "account %s: no write lock was handed over: another dnsproof process that writes the "
		    "same records at the same time is not noticed",
		    h->policy.account);
}

/* The locks come after the greeting, so that an account can be judged while nothing is written yet.
 * 0 = go on, else the exit code, negative for none to tell. */
static int take_locks(struct host *h, int fd)
{
	struct err e;
	struct go g = {.lock = -1};
	bool ok = !fd || go_wait(fd, &g, &e);

	if (ok) {
		host_lock(h, g.lock, g.locks);
		tell_without_lock(h);
	} else if (e.text[0]) {
		log_error("%s", e.text);
	}
	go_free(&g);
	return ok ? 0 : e.text[0] ? 1 : -1;
}

static int converse(struct host *h, int go, int in, int out)
{
	struct buf rest;
	int code;

	buf_init(&rest, WIRE_MOST + 1);
	code = wire_write(out, request_hello(h)) ? take_locks(h, go) : -1;
	if (!code)
		code = greeting_check(in, out, &rest);
	if (!code)
		code = answer_all(h, in, out, &rest);
	buf_free(&rest);
	return code < 0 ? 0 : code;
}

static void replace(char **text, const char *by)
{
	free(*text);
	*text = xstrdup(by);
}

/* *go: where the word to serve comes from, 0: none is awaited. */
static bool start(struct host *h, const struct folders *where, int *go, struct err *e)
{
	struct setup s = {0};
	bool ok = setup_read(&s, SETUP_FD, e);

	if (ok && where->modules)
		replace(&s.modules, where->modules);
	if (ok && where->descriptors)
		replace(&s.descriptors, where->descriptors);
	if (s.verbose > 0)
		log_open("dnsproof-provider", LOG_DEBUG);
	ok = ok && host_start(h, &s, false, e);
	*go = s.go;
	setup_free(&s);
	return ok;
}

int serve(const struct folders *where)
{
	int in, out, go, code;
	struct host h;
	struct err e;

	guard_process();
	guard_signals();
	guard_stdio(&in, &out);
	if (!start(&h, where, &go, &e))
		return refuse(in, out, e.text);
	code = converse(&h, go, in, out);
	host_stop(&h);
	return code;
}
