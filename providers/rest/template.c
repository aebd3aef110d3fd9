#include "config.h"

#include "template.h"

#include <stdlib.h>
#include <string.h>

#include "filter.h"

#define FILTERS_MOST 8

/* {name|filter:argument|...} taken apart. */
struct piece {
	char *variable;
	char *filter[FILTERS_MOST];
	size_t filters;
};

struct bytes template_scalar(struct run *r, const json_t *value)
{
	char *text, *copy;

	if (json_is_string(value))
		return (struct bytes){json_string_value(value), json_string_length(value)};
	if (json_is_integer(value))
		return bytes_of(arena_printf(&r->arena, "%lld", (long long)json_integer_value(value)));
	if (json_is_boolean(value))
		return bytes_of(json_is_true(value) ? "true" : "false");
	if (!value || json_is_null(value))
		return bytes_of("");
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	copy = arena_copy(&r->arena, text ? text : "", text ? strlen(text) : 0);
	free(text);
	return bytes_of(copy);
}

/* A variable, or a member deep in one: record.data.id */
static const json_t *variable_value(struct run *r, const char *variable)
{
	size_t n = strcspn(variable, ".");
	const json_t *value = run_get(r, arena_copy(&r->arena, variable, n));

	while (value && variable[n]) {
		const char *key = variable + n + 1;
		size_t length = strcspn(key, ".");

		value = json_object_get(value, arena_copy(&r->arena, key, length));
		n += length + 1;
	}
	return value;
}

/* From behind the brace up to the closing one; the end, or NULL when there is none. */
static const char *piece_read(struct run *r, const char *at, struct piece *p)
{
	const char *end = strchr(at, '}');
	char *inside, *bar;

	*p = (struct piece){0};
	if (!end)
		return NULL;
	p->variable = inside = arena_copy(&r->arena, at, (size_t)(end - at));
	while ((bar = strchr(inside, '|')) && p->filters < FILTERS_MOST) {
		*bar = '\0';
		inside = p->filter[p->filters++] = bar + 1;
	}
	return end;
}

static bool filters_apply(struct run *r, const struct piece *p, struct bytes *v)
{
	for (size_t i = 0; i < p->filters; i++) {
		char *colon = strchr(p->filter[i], ':');
		char *name = arena_copy(&r->arena, p->filter[i],
		                        colon ? (size_t)(colon - p->filter[i]) : strlen(p->filter[i]));

		if (!filter_apply(r, name, colon ? colon + 1 : NULL, v))
			return false;
	}
	return true;
}

static bool piece_bytes(struct run *r, const struct piece *p, struct bytes *v)
{
	const json_t *value = variable_value(r, p->variable);

	if (!value) {
		run_fail(r, DNSPROOF_INVALID, "the API's answer or the options left {%.60s} without a value",
		         p->variable);
		return false;
	}
	*v = template_scalar(r, value);
	return filters_apply(r, p, v);
}

static bool keeps_slashes(const struct piece *p)
{
	return p->filters > 0 && !strcmp(p->filter[p->filters - 1], "segments");
}

/* "." and ".." would lead to another resource. */
static bool dots(const char *at, size_t n)
{
	return (n == 1 && at[0] == '.') || (n == 2 && at[0] == '.' && at[1] == '.');
}

static bool land_path(struct run *r, const struct piece *p, struct bytes v, struct text *out)
{
	const char *stop = keeps_slashes(p) ? "/" : "";

	for (size_t i = 0;;) {
		size_t n = *stop ? strcspn(v.at + i, stop) : v.n;

		if (dots(v.at + i, n)) {
			run_fail(r, DNSPROOF_INVALID, "{%.60s} is '%.2s', which is not part of a path",
			         p->variable, v.at + i);
			return false;
		}
		text_str(out, r->host->encode(r->call, "path", v.at + i, n));
		i += n;
		if (i >= v.n)
			return true;
		text_str(out, "/");
		i++;
	}
}

static bool land(struct run *r, const struct piece *p, struct bytes v, enum landing where, struct text *out)
{
	if (memchr(v.at, '\0', v.n)) {
		run_fail(r, DNSPROOF_INVALID, "descriptor: {%.60s} is not text; encode it", p->variable);
		return false;
	}
	if (where == LAND_PATH)
		return land_path(r, p, v, out);
	if (where == LAND_HEADER && strpbrk(v.at, "\r\n")) {
		run_fail(r, DNSPROOF_INVALID, "{%.60s} has a line break and cannot go into a header",
		         p->variable);
		return false;
	}
	if (where == LAND_XML)
		v = bytes_of(r->host->encode(r->call, "xml", v.at, v.n));
	text_add(out, v.at, v.n);
	return true;
}

char *template_text(struct run *r, const char *template, enum landing where)
{
	struct piece p;
	struct bytes v;
	struct text t;

	text_start(&t, &r->arena);
	for (const char *at = template; *at; at++) {
		if (*at != '{' && *at != '}') {
			text_add(&t, at, 1);
		} else if (at[1] == *at) {
			text_add(&t, at++, 1);
		} else if (!(at = piece_read(r, at + 1, &p))) {
			run_fail(r, DNSPROOF_INVALID, "descriptor: a brace that is not closed: %.60s",
			         template);
			return NULL;
		} else if (!piece_bytes(r, &p, &v) || !land(r, &p, v, where, &t)) {
			return NULL;
		}
	}
	return t.at;
}

/* Is it one variable and nothing else? */
static bool is_one(struct run *r, const char *template, struct piece *p)
{
	const char *end = template[0] == '{' && template[1] != '{' ? piece_read(r, template + 1, p) : NULL;

	return end && !end[1];
}

static json_t *number(struct run *r, const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	if (end != text && !*end)
		return json_integer(n);
	run_fail(r, DNSPROOF_INVALID, "'%.40s' is not a number", text);
	return NULL;
}

json_t *template_json(struct run *r, const char *template)
{
	struct piece p;
	const json_t *value;
	char *text;
	json_t *made;

	if (is_one(r, template, &p) && p.filters == 0 && (value = variable_value(r, p.variable)))
		return json_deep_copy(value);
	text = template_text(r, template, LAND_PLAIN);
	if (!text)
		return NULL;
	if (is_one(r, template, &p) && p.filters > 0 && !strcmp(p.filter[p.filters - 1], "number"))
		return number(r, text);
	made = json_string(text);
	if (!made)
		run_fail(r, DNSPROOF_INVALID, "descriptor: %.60s is not UTF-8 text", template);
	return made;
}

static bool piece_ready(struct run *r, const struct piece *p)
{
	const json_t *value = variable_value(r, p->variable);

	return value && !json_is_null(value) && !(json_is_string(value) && json_string_length(value) == 0);
}

bool template_ready(struct run *r, const char *template)
{
	struct piece p;

	for (const char *at = template; *at; at++) {
		if (*at != '{' && *at != '}')
			continue;
		if (at[1] == *at)
			at++;
		else if (!(at = piece_read(r, at + 1, &p)))
			return false;
		else if (!piece_ready(r, &p))
			return false;
	}
	return true;
}
