#include "config.h"

#include "session.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "mask.h"
#include "options.h"

#define TEXT_MOST   (16 * 1024) /* of a message before it is masked and cut */
#define LOG_MOST    2000
#define VALUES_MOST (512 * 1024) /* octets that one list may report */
#define COUNT_MOST  5000
#define VALUE_MOST  4096 /* longer ones are none of ours and are left out */
#define OPEN_MS     30000
#define GRACE_MS    2500 /* the engine kills us earlier than this, if it is still there */

/* The call that is running: a process has one module, and a module one call at a time. */
static struct {
	bool calling;
	const char *provider;
	unsigned after_s;
	bool unchanged;
	char *message; /* masked */
	char *show;    /* masked */
	const struct services *web;
	const struct givens *given;
} now;

const char *session_calling(void)
{
	return now.calling ? now.provider : NULL;
}

bool session_requests(unsigned *n)
{
	*n = now.web ? now.web->requests() : 0;
	return now.web != NULL;
}

static char *words(const char *format, va_list args, size_t most) __attribute__((format(printf, 1, 0)));

static char *words(const char *format, va_list args, size_t most)
{
	char *text = xcalloc(1, TEXT_MOST), *line;

	vsnprintf(text, TEXT_MOST, format, args);
	line = mask_line(text, most);
	mem_wipe(text, TEXT_MOST);
	free(text);
	return line;
}

static enum dnsproof_rc host_fail(const struct dnsproof_call *call, enum dnsproof_rc rc, const char *format,
                                  ...)
{
	va_list args;

	free(now.message);
	va_start(args, format);
	now.message = words(format, args, sizeof(((struct outcome *)0)->message) - 1);
	va_end(args);
	return rc;
}

static void host_retry_after(const struct dnsproof_call *call, unsigned seconds)
{
	now.after_s = seconds;
}

static void host_log(const struct dnsproof_call *call, const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	line = words(format, args, LOG_MOST);
	va_end(args);
	log_debug("%s: %s", now.provider, line);
	free(line);
}

static void host_secret(const struct dnsproof_call *call, const char *value)
{
	if (value)
		mask_add(value);
}

static void host_show(const struct dnsproof_call *call, const char *format, ...)
{
	va_list args;

	free(now.show);
	va_start(args, format);
	now.show = words(format, args, sizeof(((struct outcome *)0)->show) - 1);
	va_end(args);
}

static void host_unchanged(const struct dnsproof_call *call)
{
	now.unchanged = true;
}

static const char *host_source(const struct dnsproof_call *call, const char *key)
{
	const struct given *g = now.given ? givens_find(now.given, key) : NULL;

	return g ? g->source : NULL;
}

static struct dnsproof_host services = {
    .size = sizeof(struct dnsproof_host),
    .fail = host_fail,
    .retry_after = host_retry_after,
    .log = host_log,
    .secret = host_secret,
    .show = host_show,
    .unchanged = host_unchanged,
    .source = host_source,
};

static void words_drop(void)
{
	free(now.message);
	free(now.show);
	now.message = now.show = NULL;
}

/* A module that hangs must not outlive a killed engine: SIGALRM ends the process. 0 = off. */
static void deadline_set(unsigned ms)
{
	const struct itimerval t = {.it_value = {ms / 1000, ms % 1000 * 1000}};

	setitimer(ITIMER_REAL, &t, NULL);
}

static struct dnsproof_call call_begin(const struct session *s, size_t size, unsigned ms)
{
	words_drop();
	now.after_s = 0;
	now.unchanged = false;
	now.provider = s->provider.name;
	now.calling = true;
	if (now.web)
		now.web->call_begin(ms);
	deadline_set(ms + GRACE_MS);
	return (struct dnsproof_call){size, &services, s->options, s->self, ms};
}

static void call_end(struct outcome *o, int rc)
{
	deadline_set(0);
	now.calling = false;
	if (now.web)
		now.web->call_end();
	*o = (struct outcome){.rc = (enum dnsproof_rc)rc, .after_s = now.after_s};
	if (rc != DNSPROOF_OK && now.web && now.web->changes && now.web->changes() > 0)
		o->written = "maybe";
	else if (rc == DNSPROOF_TEMP && now.unchanged)
		o->written = "no";
	snprintf(o->show, sizeof(o->show), "%s", now.show ? now.show : "");
	if (rc < DNSPROOF_OK || rc > DNSPROOF_INVALID) {
		o->rc = DNSPROOF_TEMP;
		snprintf(o->message, sizeof(o->message),
		         "provider %s returned %d, which is not a result: a fault of the module",
		         now.provider, rc);
	} else if (now.message) {
		snprintf(o->message, sizeof(o->message), "%s", now.message);
	}
}

static bool names_it(const char *message, const char *name)
{
	size_t n = strlen(name);

	return !strncmp(message, name, n) && message[n] == ':';
}

/* Whoever reads a provider's words wants to know whose they are and of which zone. */
static void outcome_place(struct outcome *o, const char *zone)
{
	const char *rest = o->message;
	char *placed;

	if (!now.web || o->rc == DNSPROOF_OK)
		return;
	if (names_it(rest, now.provider))
		rest += strlen(now.provider) + 1 + (rest[strlen(now.provider) + 1] == ' ');
	placed = strstr(rest, zone) ? xasprintf("%s: %s", now.provider, rest)
	                            : xasprintf("%s: %s: %s", now.provider, zone, rest);
	snprintf(o->message, sizeof(o->message), "%s", placed);
	free(placed);
}

static void outcome_set(struct outcome *o, enum dnsproof_rc rc, const char *text)
{
	*o = (struct outcome){.rc = rc};
	snprintf(o->message, sizeof(o->message), "%s", text);
}

static void session_end(struct session *s)
{
	words_drop();
	options_free(s->options);
	s->options = NULL;
	if (now.web)
		now.web->stop();
	now.web = NULL;
	now.given = NULL;
}

bool session_open(struct session *s, const struct dnsproof_provider *p, json_t *options,
                  const struct services *web, const char *descriptor, const struct givens *given,
                  struct err *e)
{
	struct dnsproof_open_call c = {.descriptor = descriptor};
	struct outcome o;

	*s = (struct session){.provider = *p, .options = options};
	now.web = web;
	now.given = given;
	if (web)
		web->fill(&services);
	if (!p->open)
		return true;
	c.call = call_begin(s, sizeof(c), OPEN_MS);
	call_end(&o, (int)p->open(&c));
	s->self = c.call.self;
	if (o.rc == DNSPROOF_OK)
		return true;
	session_end(s);
	if (names_it(o.message, p->name))
		return err_set(e, "%s", o.message);
	return err_set(e, "provider %s: %s", p->name, *o.message ? o.message : "refused to start");
}

void session_close(struct session *s)
{
	struct dnsproof_call c;
	struct outcome o;

	if (s->provider.close) {
		c = call_begin(s, sizeof(c), OPEN_MS);
		s->provider.close(&c);
		call_end(&o, DNSPROOF_OK);
	}
	session_end(s);
}

static void handle_check(const struct session *s, struct dnsproof_txt *txt)
{
	if (memchr(txt->handle, '\0', sizeof(txt->handle)))
		return;
	log_warn("provider %s returned a handle that does not end within %d octets; it is dropped",
	         s->provider.name, DNSPROOF_HANDLE_MOST);
	txt->handle[0] = '\0';
}

void session_add(struct session *s, struct dnsproof_txt *txt, unsigned ms, struct outcome *o)
{
	struct dnsproof_txt_call c = {.txt = txt};

	c.call = call_begin(s, sizeof(c), ms);
	call_end(o, (int)s->provider.add(&c));
	outcome_place(o, txt->zone);
	handle_check(s, txt);
}

void session_del(struct session *s, struct dnsproof_txt *txt, unsigned ms, struct outcome *o)
{
	struct dnsproof_txt_call c = {.txt = txt};

	c.call = call_begin(s, sizeof(c), ms);
	call_end(o, (int)s->provider.del(&c));
	outcome_place(o, txt->zone);
}

void session_check(struct session *s, const char *zone, const char *name, unsigned ms, struct outcome *o)
{
	struct dnsproof_check_call c = {.zone = zone, .name = name};

	if (!s->provider.check) {
		outcome_set(o, DNSPROOF_OK, "");
		return;
	}
	c.call = call_begin(s, sizeof(c), ms);
	call_end(o, (int)s->provider.check(&c));
	outcome_place(o, zone);
}

struct list_frame {
	struct dnsproof_list_call c; /* first, so that value() finds the rest */
	json_t *values;
	size_t octets;
	bool overflow;
};

static void list_value(struct dnsproof_list_call *list, const char *value, size_t length)
{
	struct list_frame *f = (struct list_frame *)list;
	char *text;

	if (length > VALUE_MOST)
		return;
	f->octets += length + 8;
	f->overflow |= f->octets > VALUES_MOST || json_array_size(f->values) >= COUNT_MOST;
	if (f->overflow)
		return;
	text = xstrndup(value, length);
	for (size_t i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] > '~')
			text[i] = '?';
	json_array_append_new(f->values, json_string(text));
	free(text);
}

void session_list(struct session *s, const char *zone, const char *name, const char *relative, unsigned ms,
                  json_t *values, struct outcome *o)
{
	struct list_frame f = {
	    .c = {.zone = zone, .name = name, .relative = relative, .value = list_value},
	    .values = values,
	};

	if (!s->provider.list) {
		outcome_set(o, DNSPROOF_INVALID, "this provider cannot list");
		return;
	}
	f.c.call = call_begin(s, sizeof(f.c), ms);
	call_end(o, (int)s->provider.list(&f.c));
	outcome_place(o, zone);
	if (f.overflow && o->rc == DNSPROOF_OK)
		outcome_set(o, DNSPROOF_TEMP, "more values at the name than can be listed");
}

static void batch_one_by_one(struct session *s, struct dnsproof_change *change, size_t n, unsigned ms,
                             struct outcome *outcomes)
{
	uint64_t start = clock_ms();

	for (size_t i = 0; i < n; i++) {
		uint64_t used = clock_ms() - start;

		if (used >= ms)
			outcome_set(&outcomes[i], DNSPROOF_TEMP, "no time was left for it");
		else if (change[i].del)
			session_del(s, &change[i].txt, ms - (unsigned)used, &outcomes[i]);
		else
			session_add(s, &change[i].txt, ms - (unsigned)used, &outcomes[i]);
		change[i].rc = outcomes[i].rc;
	}
}

void session_batch(struct session *s, const char *zone, struct dnsproof_change *change, size_t n, unsigned ms,
                   struct outcome *outcomes)
{
	struct dnsproof_batch_call c = {.zone = zone, .change = change, .n = n};
	struct outcome all;

	if (!s->provider.batch) {
		batch_one_by_one(s, change, n, ms, outcomes);
		return;
	}
	for (size_t i = 0; i < n; i++)
		change[i].rc = (enum dnsproof_rc) - 1;
	c.call = call_begin(s, sizeof(c), ms);
	call_end(&all, (int)s->provider.batch(&c));
	outcome_place(&all, zone);
	for (size_t i = 0; i < n; i++) {
		int rc = (int)change[i].rc;

		outcomes[i] = all;
		all.show[0] = '\0'; /* once is enough */
		if (rc == -1)
			continue;
		if (rc >= DNSPROOF_OK && rc <= DNSPROOF_INVALID)
			outcomes[i].rc = (enum dnsproof_rc)rc;
		else
			outcome_set(&outcomes[i], DNSPROOF_TEMP, "the module returned no result for it");
		if (!change[i].del)
			handle_check(s, &change[i].txt);
	}
}

void session_live(struct session *s, struct dnsproof_txt *txt, unsigned ms, bool *live, struct outcome *o)
{
	struct dnsproof_live_call c = {.txt = txt};

	if (!s->provider.live) {
		outcome_set(o, DNSPROOF_INVALID, "this provider cannot check that");
		return;
	}
	c.call = call_begin(s, sizeof(c), ms);
	call_end(o, (int)s->provider.live(&c));
	outcome_place(o, txt->zone);
	*live = c.live != 0;
}
