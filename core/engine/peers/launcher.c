#define _GNU_SOURCE
#include "config.h"

#include "engine/peers/launcher.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "common/wire.h"

#define WORDS_MOST   1000
#define MESSAGE_MOST 65536
#define NEED_PART    500 /* IDs in one line */

struct want {
	json_int_t id;
	launcher_host_fn *fn; /* NULL when cancelled */
	void *arg;
	struct want *next;
};

struct launcher {
	struct wire *wire; /* NULL once the launcher is gone */
	struct launcher_handlers handlers;
	void (*died)(void *arg, int host, const char *how, const char *last);
	void *died_arg;
	struct want *wants;
	json_int_t last_id;
	bool has_job, busy, freed;
	struct loop_timer *failing; /* for what is wanted after the launcher's end */
};

static struct want *take_want(struct launcher *c, json_int_t id)
{
	struct want **at = &c->wants, *w;

	while ((w = *at) && w->id != id)
		at = &w->next;
	if (w)
		*at = w->next;
	return w;
}

static void give(struct want *w, int host, int fd, const char *error)
{
	w->fn(w->arg, host, fd, error);
	free(w);
}

static void fail_wants(struct launcher *c)
{
	json_int_t last = c->last_id;
	struct want *w;

	while (!c->freed && (w = c->wants) && w->id <= last) {
		c->wants = w->next;
		if (w->fn)
			give(w, -1, -1, "the launcher is gone");
		else
			free(w);
	}
}

static void leave(struct launcher *c)
{
	c->busy = false;
	if (c->freed)
		free(c);
}

static void on_failing(void *arg)
{
	struct launcher *c = arg;

	c->busy = true;
	fail_wants(c);
	leave(c);
}

static void on_closed(struct launcher *c)
{
	wire_free(c->wire);
	c->wire = NULL;
	fail_wants(c);
	if (!c->freed && c->handlers.closed)
		c->handlers.closed(c->handlers.arg);
}

static void on_host(struct launcher *c, const json_t *line, json_int_t id, int fd)
{
	const json_t *host = json_object_get(line, "host");
	const char *error = json_string_value(json_object_get(line, "error"));
	struct want *w = take_want(c, id);
	char *words;

	if (json_is_integer(host) && fd >= 0 && w && w->fn) {
		give(w, (int)json_integer_value(host), fd, NULL);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (json_is_integer(host))
		launcher_kill_host(c, (int)json_integer_value(host));
	if (!w || !w->fn) {
		free(w);
		return;
	}
	words = str_printable(error ? error : "the launcher sent no descriptor", WORDS_MOST);
	give(w, -1, -1, words);
	free(words);
}

static void on_died(struct launcher *c, const json_t *line)
{
	int host = (int)json_integer_value(json_object_get(line, "died"));
	const char *how = json_string_value(json_object_get(line, "how"));
	const char *last = json_string_value(json_object_get(line, "last"));
	char *how_words = str_printable(how ? how : "ended", WORDS_MOST);
	char *last_words = str_printable(last ? last : "", WORDS_MOST);

	if (c->died)
		c->died(c->died_arg, host, how_words, last_words);
	if (!c->freed && c->handlers.died)
		c->handlers.died(c->handlers.arg, host, how_words, last_words);
	free(how_words);
	free(last_words);
}

static void on_object(struct launcher *c, const json_t *line, int fd)
{
	const json_t *id = json_object_get(line, "id");

	if (json_is_integer(id)) {
		on_host(c, line, json_integer_value(id), fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (json_is_integer(json_object_get(line, "died"))) {
		on_died(c, line);
	} else if (json_object_get(line, "signal")) {
		if (c->handlers.wind_down)
			c->handlers.wind_down(c->handlers.arg);
	} else if (!c->has_job) {
		c->has_job = json_object_get(line, "go");
		if (c->handlers.job)
			c->handlers.job(c->handlers.arg, line);
	} else {
		log_warn("unknown line from the launcher");
	}
}

static void on_line(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct launcher *c = arg;

	c->busy = true;
	if (line)
		on_object(c, line, passed_fd);
	else
		on_closed(c);
	leave(c);
}

struct launcher *launcher_new(struct loop *l, int fd, const struct launcher_handlers *handlers)
{
	struct launcher *c = xcalloc(1, sizeof(*c));

	c->handlers = *handlers;
	c->failing = loop_timer_new(l, on_failing, c);
	c->wire = wire_new(l, fd, fd, on_line, c);
	return c;
}

void launcher_free(struct launcher *c)
{
	struct want *w;

	if (!c)
		return;
	while ((w = c->wants)) {
		c->wants = w->next;
		free(w);
	}
	wire_free(c->wire);
	loop_timer_free(c->failing);
	c->wire = NULL;
	if (c->busy)
		c->freed = true;
	else
		free(c);
}

void launcher_on_died(struct launcher *c, void (*fn)(void *arg, int host, const char *how, const char *last),
                      void *arg)
{
	c->died = fn;
	c->died_arg = arg;
}

static void send_object(struct launcher *c, json_t *object)
{
	if (c->wire)
		wire_send(c->wire, object, -1);
	else
		json_decref(object);
}

void launcher_want_host(struct launcher *c, const char *dns_account, launcher_host_fn *fn, void *arg)
{
	struct want *w = xcalloc(1, sizeof(*w)), **at = &c->wants;

	*w = (struct want){.id = ++c->last_id, .fn = fn, .arg = arg};
	while (*at)
		at = &(*at)->next;
	*at = w;
	if (!c->wire)
		loop_timer_set(c->failing, 0);
	send_object(c, json_pack("{s:I, s:s, s:s}", "id", w->id, "want", "host", "dns", dns_account));
}

void launcher_cancel_host(struct launcher *c, const void *arg)
{
	for (struct want *w = c->wants; w; w = w->next)
		if (w->arg == arg)
			w->fn = NULL;
}

void launcher_kill_host(struct launcher *c, int host)
{
	send_object(c, json_pack("{s:i}", "kill", host));
}

void launcher_need_index(struct launcher *c)
{
	send_object(c, json_pack("{s:s}", "need", "index"));
}

void launcher_check(struct launcher *c, const char *cert, const char *stamp)
{
	send_object(c, json_pack("{s:[s,s]}", "check", cert, stamp));
}

void launcher_need_certs(struct launcher *c, const struct strs *ids)
{
	size_t at = 0;

	do {
		json_t *part = json_array();

		for (size_t n = 0; n < NEED_PART && at < ids->n; n++, at++)
			json_array_append_new(part, json_string(ids->at[at]));
		send_object(c, at < ids->n ? json_pack("{s:o, s:b}", "need", part, "more", true)
		                           : json_pack("{s:o}", "need", part));
	} while (at < ids->n);
}

/* Valid UTF-8 without controls, but for the ends of lines. */
static json_t *message_json(char *text)
{
	struct buf b;
	json_t *json;
	char *line;

	buf_init(&b, 0);
	while ((line = strsep(&text, "\n"))) {
		char *words = str_printable(line, MESSAGE_MOST);

		buf_printf(&b, "%s%s", b.data ? "\n" : "", words);
		free(words);
	}
	json = json_string(b.data);
	buf_free(&b);
	return json;
}

void launcher_event(struct launcher *c, enum event_level level, const char *event, json_t *more,
                    const char *format, ...)
{
	static const char *const levels[] = {"debug", "info", "warn", "error"};
	json_t *object = more ? more : json_object();
	va_list ap;
	char *text;

	va_start(ap, format);
	if (vasprintf(&text, format, ap) < 0)
		text = xstrdup(format);
	va_end(ap);
	json_object_set_new(object, "event", json_string(event));
	json_object_set_new(object, "level", json_string(levels[level]));
	json_object_set_new(object, "message", message_json(text));
	send_object(c, object);
	free(text);
}

void launcher_revoked(struct launcher *c, size_t n, const char *outcome)
{
	send_object(c, json_pack("{s:I, s:s}", "revoked", (json_int_t)n, "outcome", outcome));
}

void launcher_report(struct launcher *c, const char *kind, json_t *rows)
{
	send_object(c, json_pack("{s:s, s:o}", "report", kind, "rows", rows));
	if (c->wire)
		wire_flush(c->wire);
}

void launcher_done(struct launcher *c, int code)
{
	send_object(c, json_pack("{s:i}", "done", code));
}

bool launcher_idle(const struct launcher *c)
{
	return !c->wire || wire_idle(c->wire);
}
