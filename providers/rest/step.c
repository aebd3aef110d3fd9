#include "config.h"

#include "step.h"

#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "request.h"
#include "template.h"

#define PAGES_MOST   50
#define RESULTS_MOST 20000

static void results_add(struct run *r, struct results *s, const struct answer *a, struct node n)
{
	if (s->n >= RESULTS_MOST)
		return;
	if ((s->n & (s->n - 1)) == 0) {
		struct found *larger = arena_get(&r->arena, (s->n ? 2 * s->n : 4) * sizeof(*larger));

		if (s->n)
			memcpy(larger, s->at, s->n * sizeof(*larger));
		s->at = larger;
	}
	s->at[s->n++] = (struct found){*a, n};
}

/* One item of the list: is it one of ours? 0, or a code. */
static int gather_item(struct run *r, const json_t *match, int flags, const struct answer *a, struct node n,
                       struct results *out)
{
	if (!match_holds(r, a, n, match, true))
		return DNSPROOF_OK;
	if (!match_has_value(r, a, n, match))
		return run_fail(r, DNSPROOF_TEMP,
		                "the API's answer has an item without %.80s; did it change?",
		                match_value_path(match));
	if ((flags & STEP_ANY_VALUE) || match_holds(r, a, n, match, false))
		results_add(r, out, a, n);
	return DNSPROOF_OK;
}

/* Gathers from one answer; *items is how many there were before `match`. */
static int gather(struct run *r, const json_t *step, int flags, const struct answer *a, struct results *out,
                  size_t *items)
{
	const char *path = json_string_value(json_object_get(step, "items"));
	const json_t *match = json_object_get(step, "match");
	struct nodes all = {0};
	int rc = DNSPROOF_OK;

	if (!path) {
		if (match_holds(r, a, answer_root(a), match, flags & STEP_ANY_VALUE))
			results_add(r, out, a, answer_root(a));
		return rc;
	}
	if (!path_list(r, a, answer_root(a), path, &all))
		return DNSPROOF_TEMP;
	*items = all.n;
	for (size_t i = 0; rc == DNSPROOF_OK && i < all.n; i++)
		rc = gather_item(r, match, flags, a, all.at[i], out);
	return rc;
}

/* rel="next" of a Link header, or NULL. */
static const char *link_next(struct run *r, const struct answer *a)
{
	const char *link = json_string_value(json_object_get(a->headers, "link"));

	while (link && (link = strchr(link, '<'))) {
		size_t n = strcspn(++link, ">"), all = n + strcspn(link + n, "<");
		char *relation = arena_copy(&r->arena, link + n, all - n);

		if (strstr(relation, "rel=\"next\"") || strstr(relation, "rel=next"))
			return arena_copy(&r->arena, link, n);
		link += all;
	}
	return NULL;
}

/* Where paging stands. */
struct paging {
	const json_t *how;
	json_int_t page;
	size_t seen;      /* items so far */
	bool whole;       /* a page is one item: the step has no `items` */
	const char *next; /* URL */
	struct pairs extra;
};

static void paging_start(struct run *r, const json_t *step, struct paging *p)
{
	const json_t *how = json_object_get(step, "pages"), *first = json_object_get(how, "first");
	const char *parameter = json_string_value(json_object_get(how, "parameter"));

	*p = (struct paging){.how = how,
	                     .page = first ? json_integer_value(first) : 1,
	                     .whole = !json_object_get(step, "items")};
	if (!how)
		return;
	run_set(r, "page", json_integer(p->page));
	if (json_object_get(how, "cursor"))
		run_set_text(r, "page", "");
	else if (parameter && !json_object_get(how, "next"))
		pairs_set(r, &p->extra, parameter, arena_printf(&r->arena, "%lld", (long long)p->page));
}

static bool next_url(struct run *r, struct paging *p, const struct answer *a, const char *path)
{
	if (!strcmp(path, "link"))
		p->next = link_next(r, a);
	else
		p->next = path_text(r, a, answer_root(a), path).at;
	return p->next && *p->next;
}

static bool next_cursor(struct run *r, struct paging *p, const struct answer *a, const char *path)
{
	const char *cursor = path_text(r, a, answer_root(a), path).at;
	const char *parameter = json_string_value(json_object_get(p->how, "parameter"));

	run_set_text(r, "page", cursor);
	if (parameter)
		pairs_set(r, &p->extra, parameter, cursor);
	return *cursor;
}

/* `last`: the number of the last page; `total`: how many items there are. -1: the answer does not say. */
static int told_more(struct run *r, const struct paging *p, const struct answer *a)
{
	const char *last = json_string_value(json_object_get(p->how, "last"));
	const char *total = json_string_value(json_object_get(p->how, "total"));

	if (last)
		return p->page < strtoll(path_text(r, a, answer_root(a), last).at, NULL, 10);
	if (total)
		return (long long)p->seen < strtoll(path_text(r, a, answer_root(a), total).at, NULL, 10);
	return -1;
}

/* Is there another page? */
static bool paging_next(struct run *r, struct paging *p, const struct answer *a, size_t items)
{
	const char *next = json_string_value(json_object_get(p->how, "next"));
	const char *cursor = json_string_value(json_object_get(p->how, "cursor"));
	const char *parameter = json_string_value(json_object_get(p->how, "parameter"));
	const json_t *step = json_object_get(p->how, "step");
	json_int_t size = json_integer_value(json_object_get(p->how, "size"));
	int more;

	if (!p->how)
		return false;
	if (next)
		return next_url(r, p, a, next);
	if (cursor)
		return next_cursor(r, p, a, cursor);
	p->seen += items;
	more = told_more(r, p, a);
	if (more == 0 || (items == 0 && !(p->whole && more > 0)) || (!p->whole && (json_int_t)items < size))
		return false;
	p->page += step ? json_integer_value(step) : 1;
	run_set(r, "page", json_integer(p->page));
	if (parameter)
		pairs_set(r, &p->extra, parameter, arena_printf(&r->arena, "%lld", (long long)p->page));
	return true;
}

int step_run(struct run *r, const json_t *step, int flags, struct results *out)
{
	struct paging p;
	size_t items = 0;
	int pages = 0, rc;

	*out = (struct results){0};
	paging_start(r, step, &p);
	do {
		if (++pages > PAGES_MOST)
			return run_fail(r, DNSPROOF_TEMP, "the API has more than %d pages", PAGES_MOST);
		rc = request_send(r, step, p.next, &p.extra, flags & STEP_404, &out->answer);
		if (rc == STEP_ABSENT && pages > 1)
			return DNSPROOF_OK;
		if (rc == DNSPROOF_OK)
			rc = gather(r, step, flags, &out->answer, out, &items);
	} while (rc == DNSPROOF_OK && paging_next(r, &p, &out->answer, items));
	return rc;
}

int step_run_each(struct run *r, const json_t *step, int flags, struct results *out)
{
	const char *each = json_string_value(json_object_get(step, "each"));
	json_t *list, *item;
	size_t i;

	if (!each)
		return step_run(r, step, flags, out);
	*out = (struct results){0};
	list = run_keep(r, json_deep_copy(run_get(r, each)));
	json_array_foreach(list, i, item)
	{
		struct results one;
		int rc;

		run_set(r, "item", json_incref(item));
		rc = step_run(r, step, flags | STEP_404, &one);
		if (rc == STEP_ABSENT)
			continue;
		if (rc != DNSPROOF_OK)
			return rc;
		out->answer = one.answer;
		for (size_t j = 0; j < one.n; j++)
			results_add(r, out, &one.at[j].answer, one.at[j].node);
	}
	return DNSPROOF_OK;
}

int step_capture(struct run *r, const json_t *step, const struct found *from, json_t *into)
{
	const json_t *capture = json_object_get(step, "capture");
	void *iter = json_object_iter((json_t *)capture);

	for (; iter; iter = json_object_iter_next((json_t *)capture, iter)) {
		const char *name = json_object_iter_key(iter);
		const char *path = json_string_value(json_object_iter_value(iter));
		const json_t *value = path_one(r, &from->answer, from->node, path);
		size_t n = strlen(path);
		json_t *copy;

		if (!value && (n == 0 || path[n - 1] != '?'))
			return run_fail(r, DNSPROOF_TEMP, "the API's answer has no %.80s; did it change?",
			                path);
		copy = value ? json_deep_copy(value) : json_string("");
		if (into)
			json_object_set(into, name, copy);
		run_set(r, name, copy);
	}
	return DNSPROOF_OK;
}

static int step_once(struct run *r, const json_t *step, int flags, json_t *into)
{
	struct results all;
	int rc = step_run(r, step, flags, &all);

	if (rc == DNSPROOF_OK && all.n == 0) {
		r->said = NULL;
		return STEP_ABSENT;
	}
	return rc == DNSPROOF_OK ? step_capture(r, step, &all.at[0], into) : rc;
}

int step_simple(struct run *r, const json_t *step, int flags, json_t *into)
{
	const char *each = json_string_value(json_object_get(step, "each"));
	json_t *list = NULL, *item;
	int rc = STEP_ABSENT;
	size_t i;

	if (!each)
		return step_once(r, step, flags, into);
	list = run_keep(r, json_deep_copy(run_get(r, each)));
	json_array_foreach(list, i, item)
	{
		run_set(r, "item", json_incref(item));
		rc = step_once(r, step, flags | STEP_404, into);
		if (rc != STEP_ABSENT)
			break;
	}
	return rc;
}

static int step_one_of_list(struct run *r, const json_t *step, json_t *into)
{
	int rc = step_simple(r, step, 0, into);

	if (json_is_true(json_object_get(step, "optional")) || rc == STEP_EXISTS)
		return DNSPROOF_OK;
	if (rc == STEP_ABSENT && r->said)
		return run_fail(r, DNSPROOF_NOZONE, "%s", r->said);
	if (rc == STEP_ABSENT)
		return run_fail(r, DNSPROOF_NOZONE, "the API has nothing that matches: %.100s",
		                json_string_value(json_object_get(step, "request")));
	return rc;
}

int step_list(struct run *r, const json_t *steps, json_t *into)
{
	const json_t *step;
	int rc = DNSPROOF_OK;
	size_t i;

	if (json_is_object(steps))
		return step_one_of_list(r, steps, into);
	json_array_foreach(steps, i, step)
	{
		rc = step_one_of_list(r, step, into);
		if (rc != DNSPROOF_OK)
			break;
	}
	return rc;
}
