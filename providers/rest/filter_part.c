#include "config.h"

#include "filter_part.h"

#include <string.h>

static bool cut(struct run *r, struct bytes *v, const char *from, const char *to)
{
	size_t n = (size_t)(to - from);

	*v = (struct bytes){arena_copy(&r->arena, from, n), n};
	return true;
}

static const char *last_of(const char *text, const char *what)
{
	const char *found = NULL;

	for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
		found = at;
	return found;
}

bool part_trim(struct run *r, const char *a, struct bytes *v)
{
	const char *from = v->at + strspn(v->at, " \t\r\n"), *to = v->at + v->n;

	while (to > from && strchr(" \t\r\n", to[-1]))
		to--;
	return cut(r, v, from, to);
}

bool part_first(struct run *r, const char *a, struct bytes *v)
{
	const char *at = strstr(v->at, a);

	return at ? cut(r, v, v->at, at) : true;
}

bool part_last(struct run *r, const char *a, struct bytes *v)
{
	const char *at = last_of(v->at, a);

	return at ? cut(r, v, at + strlen(a), v->at + v->n) : true;
}

bool part_after(struct run *r, const char *a, struct bytes *v)
{
	const char *at = strstr(v->at, a);

	return at ? cut(r, v, at + strlen(a), v->at + v->n) : true;
}

bool part_before(struct run *r, const char *a, struct bytes *v)
{
	const char *at = last_of(v->at, a);

	return at ? cut(r, v, v->at, at) : true;
}

bool part_without(struct run *r, const char *a, struct bytes *v)
{
	const char *from = v->at, *to = v->at + v->n;
	size_t n = strlen(a);

	if (v->n >= n && !strncmp(from, a, n))
		from += n;
	if ((size_t)(to - from) >= n && !strncmp(to - n, a, n))
		to -= n;
	return cut(r, v, from, to);
}

bool part_replace(struct run *r, const char *a, struct bytes *v)
{
	const char *comma = strchr(a, ','), *from = v->at, *at;
	char *what = arena_copy(&r->arena, a, comma ? (size_t)(comma - a) : strlen(a));
	struct text t;

	if (!*what)
		return true;
	text_start(&t, &r->arena);
	for (; (at = strstr(from, what)); from = at + strlen(what)) {
		text_add(&t, from, (size_t)(at - from));
		text_str(&t, comma ? comma + 1 : "");
	}
	text_str(&t, from);
	*v = text_bytes(&t);
	return true;
}
