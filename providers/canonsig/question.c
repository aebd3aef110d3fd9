#include "question.h"

#include <stdlib.h>
#include <string.h>

#include "exchange.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz_"

static const char *number(const struct place *p, json_int_t n)
{
	return p->call->host->text(p->call, "%" JSON_INTEGER_FORMAT, n);
}

/* What stands for the first n letters of `name`, or NULL. */
static const char *filling(const struct place *p, const char *name, size_t n)
{
	const struct page *page = p->page;
	const struct {
		const char *name, *text;
	} all[] = {
	    {"zone", p->zone},
	    {"zone_id", p->zone_id},
	    {"name", p->name},
	    {"relative", p->relative},
	    {"value", p->value},
	    {"ttl", number(p, p->ttl)},
	    {"id", p->id},
	    {"page", page ? number(p, page->number) : NULL},
	    {"seen", page ? number(p, (json_int_t)page->seen) : NULL},
	    {"marker", page ? page->marker : NULL},
	};

	if (n == strlen("nonce") && !memcmp(name, "nonce", n))
		return sign_nonce(p->call);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (strlen(all[i].name) == n && !memcmp(all[i].name, name, n))
			return all[i].text;
	return NULL;
}

/* The n octets of `text` filled in, `encoded` or as it is; NULL if there is nothing to fill in. */
static const char *filled(const struct place *p, const char *text, size_t n, int encoded)
{
	const struct dnsproof_host *host = p->call->host;
	const char *end = text + n, *all = "";

	for (;;) {
		const char *sign = memchr(text, '$', (size_t)(end - text)), *with;
		size_t letters;

		if (!sign)
			return host->text(p->call, "%s%.*s", all, (int)(end - text), text);
		letters = strspn(sign + 1, LETTERS);
		with = filling(p, sign + 1, letters);
		if (!with)
			return NULL;
		all = host->text(p->call, "%s%.*s%s", all, (int)(sign - text), text,
		                 encoded ? host->encode(p->call, "path", with, strlen(with)) : with);
		text = sign + 1 + letters;
	}
}

const char *question_action(const struct place *p, const struct question *q)
{
	return filled(p, q->action, strlen(q->action), 1);
}

const char *question_query(const struct place *p, const struct question *q)
{
	const struct dnsproof_host *host = p->call->host;
	const char *all = "", *pair = q->query;

	for (; pair && *pair; pair += strspn(pair, "&")) {
		size_t key = strcspn(pair, "="), n = strcspn(pair, "&");
		const char *text = filled(p, pair + key + 1, n - key - 1, 0);

		if (text)
			all = host->text(p->call, "%s%s%.*s=%s", all, *all ? "&" : "", (int)key, pair,
			                 host->encode(p->call, "path", text, strlen(text)));
		pair += n;
	}
	return q->query ? all : NULL;
}

/* New reference: what stands for a text of the body. */
static json_t *text_filled(const struct place *p, const char *text)
{
	const char *with;

	if (*text == '@')
		return json_deep_copy(p->values);
	with = *text == '#' ? filling(p, text + 1, strlen(text + 1)) : filled(p, text, strlen(text), 0);
	if (*text == '#')
		return with ? json_integer(strtoll(with, NULL, 10)) : NULL;
	return json_string(with);
}

/* Steals. */
static json_t *json_filled(const struct place *p, json_t *json)
{
	json_t *part, *with = json;
	const char *key;
	size_t i;
	void *next;

	json_object_foreach_safe(json, next, key, part)
	    json_object_set_new(json, key, json_filled(p, json_incref(part)));
	json_array_foreach(json, i, part) json_array_set_new(json, i, json_filled(p, json_incref(part)));
	if (json_is_string(json)) {
		with = text_filled(p, json_string_value(json));
		json_decref(json);
	}
	return with;
}

const char *question_body(const struct place *p, const struct question *q)
{
	char *text;
	json_t *json;

	if (!q->body)
		return NULL;
	text = p->call->host->text(p->call, "%s", q->body);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	json = json_loads(text, 0, NULL);
	return exchange_json(p->call, json_filled(p, json));
}
