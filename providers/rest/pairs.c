#include "config.h"

#include "pairs.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "body.h"
#include "template.h"

void pairs_add(struct run *r, struct pairs *p, const char *name, const char *value)
{
	if ((p->n & (p->n - 1)) == 0) {
		struct pair *larger = arena_get(&r->arena, (p->n ? 2 * p->n : 4) * sizeof(*larger));

		if (p->n)
			memcpy(larger, p->at, p->n * sizeof(*larger));
		p->at = larger;
	}
	p->at[p->n++] = (struct pair){name, value};
}

void pairs_set(struct run *r, struct pairs *p, const char *name, const char *value)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcasecmp(p->at[i].name, name)) {
			p->at[i].value = value;
			return;
		}
	pairs_add(r, p, name, value);
}

static const char *value_text(struct run *r, const json_t *value, bool header)
{
	json_t *made;

	if (json_is_string(value))
		return template_text(r, json_string_value(value), header ? LAND_HEADER : LAND_PLAIN);
	made = body_json(r, value);
	if (!made)
		return NULL;
	return template_scalar(r, run_keep(r, made)).at;
}

/* One member of the map. */
static bool expand_one(struct run *r, struct pairs *p, const char *key, const json_t *value, bool header)
{
	char *name = template_text(r, key, LAND_HEADER);
	size_t n = name ? strlen(name) : 0;
	bool perhaps = n > 0 && name[n - 1] == '?';
	const char *text;

	if (!name)
		return false;
	if (perhaps) {
		name[n - 1] = '\0';
		if (json_is_string(value) && !template_ready(r, json_string_value(value)))
			return true;
	}
	text = value_text(r, value, header);
	if (!text)
		return false;
	if (perhaps && !*text)
		return true;
	if (header)
		pairs_set(r, p, name, text);
	else
		pairs_add(r, p, name, text);
	return true;
}

static bool expand_all(struct run *r, struct pairs *p, const json_t *map, bool header)
{
	void *iter = json_object_iter((json_t *)map);

	for (; iter; iter = json_object_iter_next((json_t *)map, iter)) {
		const char *key = json_object_iter_key(iter);

		if (strcmp(key, "$each") != 0 && strcmp(key, "as") != 0 &&
		    !expand_one(r, p, key, json_object_iter_value(iter), header))
			return false;
		if (!strcmp(key, "as") && !json_object_get(map, "$each") &&
		    !expand_one(r, p, key, json_object_iter_value(iter), header))
			return false;
	}
	return true;
}

bool pairs_expand(struct run *r, struct pairs *p, const json_t *map, bool header)
{
	const json_t *each = json_object_get(map, "$each"), *as = json_object_get(map, "as");
	json_t *list, *item;
	bool ok = expand_all(r, p, map, header);
	size_t i;

	if (!ok || !each)
		return ok;
	list = body_variable(r, each);
	json_array_foreach(list, i, item)
	{
		body_turn(r, item, NULL, i);
		ok = ok && expand_all(r, p, as, header);
	}
	ok = ok && list;
	json_decref(list);
	return ok;
}

/* The length up to one of the characters that is not inside braces. */
static size_t span(const char *text, const char *stops)
{
	size_t n = 0;

	for (bool inside = false; text[n]; n++) {
		if (text[n] == '{')
			inside = true;
		else if (text[n] == '}')
			inside = false;
		else if (!inside && strchr(stops, text[n]))
			break;
	}
	return n;
}

bool pairs_from_query(struct run *r, struct pairs *p, const char *query)
{
	while (*query) {
		size_t all = span(query, "&"), n = span(query, "=&");
		char *name = template_text(r, arena_copy(&r->arena, query, n), LAND_PLAIN), *value = NULL;

		if (!name)
			return false;
		if (n < all) {
			value =
			    template_text(r, arena_copy(&r->arena, query + n + 1, all - n - 1), LAND_PLAIN);
			if (!value)
				return false;
		}
		pairs_add(r, p, name, value);
		query += all + (query[all] == '&');
	}
	return true;
}

const char *pairs_join(struct run *r, const struct pairs *p, const char *kind)
{
	struct text t;

	text_start(&t, &r->arena);
	for (size_t i = 0; i < p->n; i++) {
		const struct pair *one = &p->at[i];

		if (i)
			text_str(&t, "&");
		text_str(&t, r->host->encode(r->call, kind, one->name, strlen(one->name)));
		if (!one->value)
			continue;
		text_str(&t, "=");
		text_str(&t, r->host->encode(r->call, kind, one->value, strlen(one->value)));
	}
	return t.at;
}

static int compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : strcmp(x->value ? x->value : "", y->value ? y->value : "");
}

struct pairs pairs_sorted(struct run *r, const struct pairs *p)
{
	struct pairs copy = {arena_get(&r->arena, (p->n + 1) * sizeof(*copy.at)), p->n};

	if (p->n) {
		memcpy(copy.at, p->at, p->n * sizeof(*copy.at));
		qsort(copy.at, copy.n, sizeof(*copy.at), compare);
	}
	return copy;
}

const char *pairs_plain(struct run *r, const struct pairs *p, const char *is, const char *between)
{
	struct text t;

	text_start(&t, &r->arena);
	for (size_t i = 0; i < p->n; i++) {
		if (i)
			text_str(&t, between);
		text_str(&t, p->at[i].name);
		text_str(&t, is);
		text_str(&t, p->at[i].value ? p->at[i].value : "");
	}
	return t.at;
}
