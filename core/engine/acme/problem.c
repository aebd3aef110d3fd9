#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/str.h"
#include "engine/acme/problem.h"
#include "engine/net/http.h"
#include "common/url.h"

enum {
	BODY_MOST = 1024 * 1024,
	DEPTH_MOST = 32,
	VALUES_MOST = 30000,
	DETAIL_MOST = 1500, /* a URL that lifts a pause has a token of hundreds of letters */
	SUB_DETAIL_MOST = 300,
	WORD_MOST = 100,
	SUBS_MOST = 100,
};

static const struct {
	const char *type;
	enum problem_class class;
} classes[] = {
    {"badNonce", PROBLEM_BAD_NONCE},
    {"rateLimited", PROBLEM_LATER},
    {"serverInternal", PROBLEM_LATER},
    {"orderNotReady", PROBLEM_LATER},
    {"conflict", PROBLEM_LATER},
    {"alreadyReplaced", PROBLEM_LATER},
    {"caa", PROBLEM_NAME},
    {"dns", PROBLEM_NAME},
    {"connection", PROBLEM_NAME},
    {"unauthorized", PROBLEM_NAME},
    {"incorrectResponse", PROBLEM_NAME},
    {"tls", PROBLEM_NAME},
    {"rejectedIdentifier", PROBLEM_PERSON},
    {"unsupportedIdentifier", PROBLEM_PERSON},
    {"externalAccountRequired", PROBLEM_PERSON},
    {"userActionRequired", PROBLEM_PERSON},
    {"agreementRequired", PROBLEM_PERSON},
    {"accountDoesNotExist", PROBLEM_PERSON},
    {"invalidContact", PROBLEM_PERSON},
    {"unsupportedContact", PROBLEM_PERSON},
    {"badPublicKey", PROBLEM_PERSON},
    {"badSignatureAlgorithm", PROBLEM_PERSON},
    {"badCSR", PROBLEM_PERSON},
    {"badRevocationReason", PROBLEM_PERSON},
    {"alreadyRevoked", PROBLEM_PERSON},
    {"invalidProfile", PROBLEM_PERSON},
    {"malformed", PROBLEM_PERSON},
};

/* Depth and number of values are bounded before the parser allocates anything. */
static bool json_within_bounds(const char *body, size_t n)
{
	size_t depth = 0, values = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (quoted) {
			if (body[i] == '\\')
				i++;
			else if (body[i] == '"')
				quoted = false;
			continue;
		}
		if (body[i] == '"')
			quoted = true;
		else if (body[i] == '[' || body[i] == '{')
			depth++;
		else if ((body[i] == ']' || body[i] == '}') && depth > 0)
			depth--;
		values += body[i] == ',' || body[i] == '[' || body[i] == '{';
		if (depth > DEPTH_MOST || values > VALUES_MOST)
			return false;
	}
	return true;
}

json_t *problem_body_json(const char *body, size_t n)
{
	json_t *json;

	if (!body || n > BODY_MOST || !json_within_bounds(body, n))
		return NULL;
	json = json_loadb(body, n, 0, NULL);
	if (json && !json_is_object(json)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static char *member_text(const json_t *object, const char *key, size_t most)
{
	const char *text = json_string_value(json_object_get(object, key));

	return str_printable(text ? text : "", most);
}

static char *type_text(const json_t *object)
{
	static const char *const prefixes[] = {"urn:ietf:params:acme:error:", "urn:acme:error:"};
	char *type = member_text(object, "type", WORD_MOST), *rest;

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (!str_starts(type, prefixes[i]))
			continue;
		rest = xstrdup(type + strlen(prefixes[i]));
		free(type);
		return rest;
	}
	if (strcmp(type, "about:blank") == 0)
		type[0] = '\0';
	return type;
}

static bool type_class(const char *type, enum problem_class *class)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strcmp(classes[i].type, type) != 0)
			continue;
		*class = classes[i].class;
		return true;
	}
	return false;
}

static enum problem_class status_class(int status)
{
	if (status == 0 || status == 408 || status == 429 || status >= 500)
		return PROBLEM_LATER;
	if (status < 300)
		return PROBLEM_NONSENSE;
	return PROBLEM_PERSON;
}

static void problem_classify(struct problem *p)
{
	/* Boulder's paused pair has no Retry-After but a page where a person lifts the pause. */
	if (strcmp(p->type, "rateLimited") == 0 && strstr(p->detail, "Please visit")) {
		p->class = PROBLEM_PERSON;
		return;
	}
	if (type_class(p->type, &p->class))
		return;
	for (size_t i = 0; i < p->subs; i++)
		if (type_class(p->sub[i].type, &p->class))
			return;
	p->class = status_class(p->status);
}

bool problem_is_persons(const struct problem *p)
{
	bool vague = !p->type[0] || strcmp(p->type, "malformed") == 0 || strcmp(p->type, "badCSR") == 0;

	return p->class == PROBLEM_UNTRUSTED || (p->class == PROBLEM_PERSON && !vague);
}

static void subs_parse(struct problem *p, const json_t *list)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		struct problem_sub *sub;
		char *value;

		if (!json_is_object(item) || p->subs >= SUBS_MOST)
			continue;
		p->sub = xgrow(p->sub, p->subs, sizeof(*p->sub));
		sub = &p->sub[p->subs++];
		sub->type = type_text(item);
		sub->detail = member_text(item, "detail", SUB_DETAIL_MOST);
		value = member_text(json_object_get(item, "identifier"), "value", 260);
		sub->identifier = *value ? value : NULL;
		if (!*value)
			free(value);
	}
}

struct problem *problem_from_json(const json_t *error, int status)
{
	struct problem *p;
	const char *instance;
	json_int_t said;

	if (!json_is_object(error))
		return NULL;
	p = xcalloc(1, sizeof(*p));
	said = json_integer_value(json_object_get(error, "status"));
	p->status = status ? status : said >= 100 && said <= 599 ? (int)said : 0;
	p->type = type_text(error);
	p->detail = member_text(error, "detail", DETAIL_MOST);
	if (!*p->detail) {
		free(p->detail);
		p->detail = member_text(error, "title", DETAIL_MOST);
	}
	instance = json_string_value(json_object_get(error, "instance"));
	if (instance && url_valid(instance))
		p->instance = xstrdup(instance);
	subs_parse(p, json_object_get(error, "subproblems"));
	problem_classify(p);
	return p;
}

/* "HTTP 503 (text/html)" */
static char *status_text(int status, const char *content_type)
{
	size_t n = content_type ? strcspn(content_type, "; \t") : 0;
	char *raw, *text;

	if (n == 0)
		return xasprintf("HTTP %d%s", status,
		                 status >= 300 && status < 400 ? ": redirects are not followed" : "");
	raw = xstrndup(content_type, n > 80 ? 80 : n);
	text = str_printable(raw, 80);
	free(raw);
	raw = xasprintf("HTTP %d (%s)%s", status, text,
	                status >= 300 && status < 400 ? ": redirects are not followed" : "");
	free(text);
	return raw;
}

struct problem *problem_parse(int status, const char *content_type, const char *body, size_t n)
{
	bool may_be_json = !content_type || strcasestr(content_type, "json");
	json_t *json = may_be_json ? problem_body_json(body, n) : NULL;
	struct problem *p = problem_from_json(json, status);

	json_decref(json);
	if (p && !*p->type && !*p->detail && p->subs == 0) {
		problem_free(p);
		p = NULL;
	}
	if (p)
		return p;
	p = xcalloc(1, sizeof(*p));
	p->status = status;
	p->type = xstrdup("");
	p->detail = status_text(status, content_type);
	p->class = status_class(status);
	return p;
}

struct problem *problem_new(enum problem_class class, int status, const char *type, const char *format, ...)
{
	struct problem *p = xcalloc(1, sizeof(*p));
	char text[DETAIL_MOST];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	p->class = class;
	p->status = status;
	p->type = xstrdup(type ? type : "");
	p->detail = str_printable(text, DETAIL_MOST);
	return p;
}

struct problem *problem_unanswered(const struct http_answer *h)
{
	return problem_new(h->certificate ? PROBLEM_UNTRUSTED
	                   : h->too_large ? PROBLEM_NONSENSE
	                                  : PROBLEM_LATER,
	                   0, "", "%s", h->error ? h->error : "no answer");
}

struct problem *problem_copy(const struct problem *p)
{
	struct problem *copy;

	if (!p)
		return NULL;
	copy = xcalloc(1, sizeof(*copy));
	copy->type = xstrdup(p->type);
	copy->detail = xstrdup(p->detail);
	copy->instance = xstrdup(p->instance);
	copy->status = p->status;
	copy->class = p->class;
	copy->retry_after_ms = p->retry_after_ms;
	copy->subs = p->subs;
	copy->sub = p->subs ? xcalloc(p->subs, sizeof(*copy->sub)) : NULL;
	for (size_t i = 0; i < p->subs; i++) {
		copy->sub[i].type = xstrdup(p->sub[i].type);
		copy->sub[i].detail = xstrdup(p->sub[i].detail);
		copy->sub[i].identifier = xstrdup(p->sub[i].identifier);
	}
	return copy;
}

void problem_free(struct problem *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->subs; i++) {
		free(p->sub[i].type);
		free(p->sub[i].detail);
		free(p->sub[i].identifier);
	}
	free_all(p->sub, p->type, p->detail, p->instance, p);
}

static void words_add(struct buf *b, const char *type, const char *detail)
{
	buf_printf(b, "%s%s%s", type, *type && *detail ? ": " : "", detail);
}

char *problem_text(const struct problem *p)
{
	struct buf b;

	buf_init(&b, 0);
	words_add(&b, p->type, p->detail);
	if (p->instance)
		buf_printf(&b, "%s(see %s)", b.len ? " " : "", p->instance);
	for (size_t i = 0; i < p->subs; i++) {
		const struct problem_sub *sub = &p->sub[i];

		buf_add_str(&b, b.len ? "; " : "");
		if (sub->identifier)
			buf_printf(&b, "%s: ", sub->identifier);
		words_add(&b, sub->type, sub->detail);
	}
	if (b.len == 0)
		buf_printf(&b, "HTTP %d", p->status);
	return buf_take(&b);
}
