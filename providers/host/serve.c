#include "config.h"

#include "serve.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/wire.h"
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

static int converse(struct host *h, int in, int out)
{
	struct buf rest;
	int code;

	buf_init(&rest, WIRE_MOST + 1);
	code = wire_write(out, request_hello(h)) ? greeting_check(in, out, &rest) : -1;
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

static bool start(struct host *h, const struct folders *where, struct err *e)
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
	setup_free(&s);
	return ok;
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

int serve(const struct folders *where)
{
	int in, out, code;
	struct host h;
	struct err e;

	guard_process();
	guard_signals();
	guard_stdio(&in, &out);
	if (!start(&h, where, &e))
		return refuse(in, out, e.text);
	tell_without_lock(&h);
	code = converse(&h, in, out);
	host_stop(&h);
	return code;
}
