#include "config.h"

#include "unit.h"

#include "world.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/conf.h"
#include "common/mem.h"
#include "descriptor/descriptor.h"
#include "descriptor/grammar.h"
#include "http/digest.h"
#include "http/text.h"

#define ZONE "example.test"
#define NAME "_acme-challenge.example.test"

static const struct exchange *script;
static struct world *now;
static struct dnsproof_http_header headers[8];
static char *header_text;
static json_t *parsed;

static enum dnsproof_rc host_fail(const struct dnsproof_call *call, enum dnsproof_rc rc, const char *format,
                                  ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(now->said, sizeof(now->said), format, args);
	va_end(args);
	return rc;
}

static void host_retry_after(const struct dnsproof_call *call, unsigned seconds)
{
	now->after = seconds;
}

static void host_log(const struct dnsproof_call *call, const char *format, ...)
{
}

static size_t headers_read(const char *from)
{
	size_t n = 0;

	free(header_text);
	header_text = from ? xstrdup(from) : NULL;
	for (char *line = header_text; line && *line && n < 8;) {
		char *end = strchr(line, '\n'), *colon = strstr(line, ": ");

		*end = '\0';
		*colon = '\0';
		headers[n++] = (struct dnsproof_http_header){line, colon + 2};
		line = end + 1;
	}
	return n;
}

static enum dnsproof_rc host_http(const struct dnsproof_call *call, const struct dnsproof_http_request *q,
                                  struct dnsproof_http_answer *a)
{
	const struct exchange *x = script;
	char is[8000];
	size_t n = (size_t)snprintf(is, sizeof(is), "%s %s", q->method, q->url);

	for (size_t i = 0; i < q->headers; i++)
		if (strcmp(q->header[i].name, "Accept") != 0)
			n += (size_t)snprintf(is + n, sizeof(is) - n, "\n%s: %s", q->header[i].name,
			                      q->header[i].value);
	if (q->body)
		snprintf(is + n, sizeof(is) - n, "\n%s\n\n%.*s", q->content_type, (int)q->body_len,
		         (const char *)q->body);
	if (!x || !x->request)
		fail_msg("a request more than in the script: %s", is);
	assert_string_equal(is, x->request);
	script++;
	json_decref(parsed);
	parsed = json_loads(x->body, 0, NULL);
	*a = (struct dnsproof_http_answer){.size = sizeof(*a), .status = x->status, .body = x->body};
	a->body_len = strlen(x->body);
	a->json = parsed;
	a->header = headers;
	a->headers = headers_read(x->headers);
	return DNSPROOF_OK;
}

static enum dnsproof_rc host_http_fail(const struct dnsproof_call *call, const struct dnsproof_http_answer *a)
{
	static const struct {
		int status;
		enum dnsproof_rc rc;
	} table[] = {{401, DNSPROOF_AUTH},     {403, DNSPROOF_AUTH},     {404, DNSPROOF_NOZONE},
	             {409, DNSPROOF_CONFLICT}, {412, DNSPROOF_CONFLICT}, {429, DNSPROOF_RATE},
	             {400, DNSPROOF_INVALID},  {422, DNSPROOF_INVALID}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].status == a->status)
			return host_fail(call, table[i].rc, "HTTP %d", a->status);
	return host_fail(call, DNSPROOF_TEMP, "HTTP %d", a->status);
}

static char *host_text(const struct dnsproof_call *call, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = http_text(format, args);
	va_end(args);
	return text;
}

static char *host_encode(const struct dnsproof_call *call, const char *kind, const void *bytes, size_t n)
{
	return http_encode(kind, bytes, n);
}

static void host_secret(const struct dnsproof_call *call, const char *value)
{
	size_t n = strlen(now->secrets);

	snprintf(now->secrets + n, sizeof(now->secrets) - n, "%s\n", value);
}

static long long host_time(const struct dnsproof_call *call)
{
	return 1795255200; /* 2026-11-21T10:00:00Z */
}

static const struct dnsproof_host host = {
    .size = sizeof(struct dnsproof_host),
    .fail = host_fail,
    .retry_after = host_retry_after,
    .log = host_log,
    .http = host_http,
    .http_fail = host_http_fail,
    .text = host_text,
    .encode = host_encode,
    .digest = http_digest,
    .hmac = http_hmac,
    .time = host_time,
    .secret = host_secret,
};

/* The descriptor as the checks take it; false with e. */
static bool read_yaml(const char *yaml, struct descriptor *d, struct err *e)
{
	const char *pointer;
	struct conf c;
	json_t *line;
	static char name[] = "x", file[] = "x.yaml";
	bool ok = conf_parse(&c, file, yaml, strlen(yaml), e);

	*d = (struct descriptor){.name = name, .file = file, .places = json_object()};
	d->root = ok ? json_incref(c.root) : NULL;
	if (ok)
		json_object_foreach(c.lines, pointer, line)
		{
			char place[80];

			snprintf(place, sizeof(place), "x.yaml:%d", (int)json_integer_value(line));
			json_object_set_new(d->places, pointer, json_string(place));
		}
	conf_free(&c);
	return ok && grammar_check(d, e);
}

static void descriptor_drop(struct descriptor *d)
{
	json_decref(d->root);
	json_decref(d->places);
}

const char *world_refusal(const char *yaml)
{
	static struct err e;
	struct descriptor d;

	e.text[0] = '\0';
	if (read_yaml(yaml, &d, &e))
		e.text[0] = '\0';
	descriptor_drop(&d);
	return e.text;
}

static struct dnsproof_call call_of(struct world *w, size_t size)
{
	struct dnsproof_call call = w->open.call;

	now = w;
	w->said[0] = w->values[0] = '\0';
	w->after = 0;
	call.size = size;
	return call;
}

void world_open(struct world *w, const char *yaml, const char *options)
{
	struct descriptor d;
	struct err e;

	*w = (struct world){0};
	now = w;
	if (!read_yaml(yaml, &d, &e))
		fail_msg("%s", e.text);
	w->descriptor = json_dumps(d.root, JSON_COMPACT);
	descriptor_drop(&d);
	w->open.call =
	    (struct dnsproof_call){sizeof(w->open), &host, json_loads(options, 0, NULL), NULL, 30000};
	assert_non_null(w->open.call.options);
	w->open.descriptor = w->descriptor;
	if (dnsproof_provider.open(&w->open) != DNSPROOF_OK)
		fail_msg("%s", w->said);
}

static void script_end(void)
{
	if (script && script->request)
		fail_msg("a request of the script did not come: %s", script->request);
	script = NULL;
	http_text_end();
}

void world_close(struct world *w)
{
	json_t *options = (json_t *)w->open.call.options;

	now = w;
	dnsproof_provider.close(&w->open.call);
	script_end();
	json_decref(options);
	json_decref(parsed);
	parsed = NULL;
	free(header_text);
	header_text = NULL;
	free(w->descriptor);
}

void world_script(const struct exchange *s)
{
	script = s;
}

static struct dnsproof_txt txt_of(const char *zone, const char *name, const char *value)
{
	return (struct dnsproof_txt){.zone = zone, .name = name, .relative = "?", .value = value, .ttl = 60};
}

enum dnsproof_rc world_add_at(struct world *w, const char *zone, const char *name, const char *value)
{
	struct dnsproof_txt txt = txt_of(zone, name, value);
	struct dnsproof_txt_call c = {call_of(w, sizeof(c)), &txt};
	enum dnsproof_rc rc = dnsproof_provider.add(&c);

	memcpy(w->handle, txt.handle, sizeof(w->handle));
	script_end();
	return rc;
}

enum dnsproof_rc world_add(struct world *w, const char *value)
{
	return world_add_at(w, ZONE, NAME, value);
}

enum dnsproof_rc world_del(struct world *w, const char *value, const char *handle)
{
	struct dnsproof_txt txt = txt_of(ZONE, NAME, value);
	struct dnsproof_txt_call c = {call_of(w, sizeof(c)), &txt};
	enum dnsproof_rc rc;

	snprintf(txt.handle, sizeof(txt.handle), "%s", handle);
	rc = dnsproof_provider.del(&c);
	script_end();
	return rc;
}

static void on_value(struct dnsproof_list_call *list, const char *value, size_t length)
{
	size_t n = strlen(now->values);

	snprintf(now->values + n, sizeof(now->values) - n, "%.*s\n", (int)length, value);
}

enum dnsproof_rc world_list(struct world *w)
{
	struct dnsproof_list_call c = {call_of(w, sizeof(c)), ZONE, NAME, "_acme-challenge", on_value};
	enum dnsproof_rc rc = dnsproof_provider.list(&c);

	script_end();
	return rc;
}

enum dnsproof_rc world_check(struct world *w)
{
	struct dnsproof_check_call c = {call_of(w, sizeof(c)), ZONE, NAME};
	enum dnsproof_rc rc = dnsproof_provider.check(&c);

	script_end();
	return rc;
}

enum dnsproof_rc world_live(struct world *w, const char *value)
{
	struct dnsproof_txt txt = txt_of(ZONE, NAME, value);
	struct dnsproof_live_call c = {call_of(w, sizeof(c)), &txt, 0};
	enum dnsproof_rc rc = dnsproof_provider.live(&c);

	w->live = c.live;
	script_end();
	return rc;
}

enum dnsproof_rc world_batch(struct world *w, const char *add, const char *del)
{
	struct dnsproof_change change[2] = {{.txt = txt_of(ZONE, NAME, add)},
	                                    {.del = 1, .txt = txt_of(ZONE, NAME, del)}};
	struct dnsproof_batch_call c = {call_of(w, sizeof(c)), ZONE, change, 2};
	enum dnsproof_rc rc = dnsproof_provider.batch(&c);

	assert_int_equal(change[0].rc, rc);
	assert_int_equal(change[1].rc, rc);
	script_end();
	return rc;
}
