#include "config.h"

#include "set.h"

#include <stdlib.h>
#include <string.h>

#include "body.h"
#include "match.h"
#include "step.h"

/* The set as the descriptor tells and as it was read. */
struct set {
	const json_t *how;   /* rrset or whole_zone */
	const json_t *where; /* which elements are TXT at the name; NULL: all */
	const char *value;   /* path of the text in an element */
	json_t *items;       /* kept by the run */
	bool absent;
	struct answer answer;
	json_int_t ttl; /* 0 = not known */
};

static const char *member_text(const json_t *object, const char *key, const char *standard)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : standard;
}

static struct set set_of(struct run *r)
{
	const json_t *rrset = run_descriptor(r, "rrset");
	struct set s = {.how = rrset ? rrset : run_descriptor(r, "whole_zone")};

	s.where = json_object_get(s.how, "where");
	s.value = member_text(s.how, "value", ".");
	return s;
}

static const char *text_of(struct run *r, const struct set *s, const json_t *item)
{
	return match_unquoted(r, path_text(r, NULL, (struct node){item, NULL}, s->value).at);
}

static bool is_of_name(struct run *r, const struct set *s, const json_t *item)
{
	return match_holds(r, NULL, (struct node){item, NULL}, s->where, false);
}

/* Elements of the name must have a text, or the API is not what it was. */
static int items_check(struct run *r, const struct set *s)
{
	const json_t *item;
	size_t i;

	json_array_foreach(s->items, i, item)
	{
		const json_t *text = path_one(r, NULL, (struct node){item, NULL}, s->value);

		if (!json_is_string(text) && !json_is_integer(text) && is_of_name(r, s, item))
			return run_fail(r, DNSPROOF_TEMP,
			                "the API's answer has an element without %.80s; did it "
			                "change?",
			                s->value);
	}
	return DNSPROOF_OK;
}

/* Reads it; an absent one is empty. */
static int set_read(struct run *r, struct set *s)
{
	const json_t *get = json_object_get(s->how, "get");
	const char *values = member_text(s->how, "values", "."), *ttl = member_text(s->how, "ttl", NULL);
	struct results all;
	struct nodes nodes;
	/* A zone that is not there is not an empty one. */
	int rc = step_run(r, get, run_descriptor(r, "rrset") ? STEP_404 : 0, &all);

	s->items = run_keep(r, json_array());
	s->absent = rc == STEP_ABSENT || (rc == DNSPROOF_OK && all.n == 0);
	s->answer = all.answer;
	if (s->absent && !run_descriptor(r, "rrset"))
		return run_fail(r, DNSPROOF_NOZONE, "%s",
		                r->said ? r->said : "the API does not show the zone");
	if (s->absent)
		return DNSPROOF_OK;
	if (rc == DNSPROOF_OK)
		rc = step_capture(r, get, &all.at[0], NULL);
	if (rc != DNSPROOF_OK)
		return rc;
	if (ttl)
		s->ttl = strtol(path_text(r, &all.at[0].answer, all.at[0].node, ttl).at, NULL, 10);
	for (size_t i = 0; i < all.n; i++) {
		if (!path_list(r, &all.at[i].answer, all.at[i].node, values, &nodes))
			return DNSPROOF_TEMP;
		for (size_t j = 0; j < nodes.n; j++)
			json_array_append_new(s->items, json_deep_copy(nodes.at[j].json));
	}
	s->absent = json_array_size(s->items) == 0;
	return items_check(r, s);
}

static bool is_ours(struct run *r, const struct set *s, const json_t *item, const char *value)
{
	return !strcmp(text_of(r, s, item), value) && is_of_name(r, s, item);
}

/* Puts our element in, unless it is there. */
static int set_add(struct run *r, struct set *s, const char *value, bool *changed)
{
	const json_t *how = json_object_get(s->how, "item");
	const json_t *item;
	json_t *standard, *made;
	size_t i;

	json_array_foreach(s->items, i, item) if (is_ours(r, s, item, value)) return DNSPROOF_OK;
	standard = run_keep(r, json_string("{value}"));
	made = body_json(r, how ? how : standard);
	if (!made)
		return DNSPROOF_INVALID;
	json_array_append_new(s->items, made);
	*changed = true;
	return DNSPROOF_OK;
}

static void set_del(struct run *r, struct set *s, const char *value, bool *changed)
{
	for (size_t i = json_array_size(s->items); i-- > 0;) {
		if (!is_ours(r, s, json_array_get(s->items, i), value))
			continue;
		json_array_remove(s->items, i);
		*changed = true;
	}
}

static void change_vars(struct run *r, const char *zone, const struct dnsproof_txt *txt)
{
	run_set_txt(r, zone, txt->name, txt->value, txt->ttl);
}

static int changes_make(struct run *r, struct set *s, const char *zone, const struct set_change *change,
                        size_t n, bool *changed)
{
	int rc = DNSPROOF_OK;

	for (size_t i = 0; rc == DNSPROOF_OK && i < n; i++) {
		change_vars(r, zone, change[i].txt);
		if (change[i].del)
			set_del(r, s, change[i].txt->value, changed);
		else
			rc = set_add(r, s, change[i].txt->value, changed);
	}
	return rc;
}

static bool is_among(const json_t *list, const json_t *wanted)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item) if (json_equal(item, wanted)) return true;
	return false;
}

/* Each element as it is written back. */
static json_t *items_written(struct run *r, const struct set *s, const json_t *before)
{
	const json_t *keep = json_object_get(s->how, "keep"), *item;
	json_t *list = json_array();
	size_t i;

	json_array_foreach(s->items, i, item)
	{
		json_t *made;

		if (!keep || !is_among(before, item)) {
			json_array_append_new(list, json_deep_copy(item));
			continue;
		}
		run_set(r, "item", json_deep_copy(item));
		made = body_json(r, keep);
		if (!made) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, made);
	}
	return list;
}

static int set_write(struct run *r, struct set *s, const json_t *others)
{
	const json_t *step = json_object_get(s->how, "replace"), *other = NULL;
	json_t *items = items_written(r, s, others);
	struct results all;
	int rc;

	if (!items)
		return DNSPROOF_INVALID;
	if (json_array_size(items) == 0)
		other = json_object_get(s->how, "delete");
	else if (s->absent)
		other = json_object_get(s->how, "create");
	run_set(r, "items", items);
	run_set(r, "answer", s->answer.json ? json_deep_copy(s->answer.json) : json_object());
	if (s->ttl > 0 && json_array_size(others) > 0)
		run_set(r, "ttl", json_integer(run_fit_ttl(r, (unsigned)s->ttl)));
	step = other ? other : step;
	rc = step_run(r, step, json_array_size(items) == 0 ? STEP_404 : 0, &all);
	if (rc == STEP_ABSENT && json_array_size(items) == 0)
		return DNSPROOF_OK;
	if (rc >= STEP_ABSENT)
		return run_fail(r, DNSPROOF_CONFLICT, "the set came to be or vanished while it was read");
	return rc == DNSPROOF_OK && all.n ? step_capture(r, step, &all.at[0], NULL) : rc;
}

/* What makes an element itself, whatever ids and serials a server gives it anew. */
static const char *signature(struct run *r, const struct set *s, const json_t *item)
{
	const struct node node = {item, NULL};
	struct text t;
	void *iter = json_object_iter((json_t *)s->where);

	text_start(&t, &r->arena);
	for (; iter; iter = json_object_iter_next((json_t *)s->where, iter)) {
		const char *is = path_text(r, NULL, node, json_object_iter_key(iter)).at;

		if (!strcmp(is, "SOA"))
			return NULL;
		text_str(&t, is);
		text_str(&t, "\n");
	}
	text_str(&t, text_of(r, s, item));
	return t.at;
}

static bool has_signature(struct run *r, const struct set *s, const char *wanted)
{
	const json_t *item;
	size_t i;

	json_array_foreach(s->items, i, item)
	{
		const char *is = signature(r, s, item);

		if (is && !strcmp(is, wanted))
			return true;
	}
	return false;
}

static int vanished(struct run *r)
{
	return run_fail(r, DNSPROOF_CONFLICT,
	                "a value vanished: somebody else wrote the set at the same time%s%s",
	                r->said ? "; " : "", r->said ? r->said : "");
}

static bool has_ours(struct run *r, const struct set *s, const char *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(s->items, i, item) if (is_ours(r, s, item, value)) return true;
	return false;
}

/* Reads again: is all there that shall be, and gone what shall be gone? */
static int set_verify(struct run *r, const struct set *written, const json_t *before, const char *zone,
                      const struct set_change *change, size_t n)
{
	struct set now = set_of(r);
	const json_t *item;
	size_t i;
	int rc = set_read(r, &now);

	if (rc != DNSPROOF_OK)
		return rc;
	json_array_foreach(before, i, item)
	{
		const char *wanted = is_among(written->items, item) ? signature(r, &now, item) : NULL;

		if (wanted && !has_signature(r, &now, wanted))
			return vanished(r);
	}
	for (size_t j = 0; j < n; j++) {
		change_vars(r, zone, change[j].txt);
		if (has_ours(r, &now, change[j].txt->value) == !change[j].del)
			continue;
		if (!change[j].del)
			return vanished(r);
		return run_fail(r, DNSPROOF_CONFLICT, "the removed value is still there");
	}
	return DNSPROOF_OK;
}

static bool reads_back(struct run *r, const struct set *s)
{
	return !json_is_false(json_object_get(s->how, "read_back")) &&
	       !json_is_true(run_descriptor(r, "compare_and_swap"));
}

int set_apply(struct run *r, const char *zone, const struct set_change *change, size_t n, bool *changed)
{
	struct set s = set_of(r);
	bool dirty = false;
	json_t *before;
	int rc;

	change_vars(r, zone, change[0].txt);
	rc = set_read(r, &s);
	if (rc != DNSPROOF_OK)
		return rc;
	before = run_keep(r, json_deep_copy(s.items));
	rc = changes_make(r, &s, zone, change, n, &dirty);
	if (rc != DNSPROOF_OK || !dirty)
		return rc;
	rc = set_write(r, &s, before);
	if (rc != DNSPROOF_OK)
		return rc;
	*changed = true;
	return reads_back(r, &s) ? set_verify(r, &s, before, zone, change, n) : DNSPROOF_OK;
}

int set_list(struct run *r, void (*tell)(void *arg, const char *value), void *arg)
{
	struct set s = set_of(r);
	int rc = set_read(r, &s);
	const json_t *item;
	size_t i;

	if (rc != DNSPROOF_OK)
		return rc;
	json_array_foreach(s.items, i, item) if (is_of_name(r, &s, item)) tell(arg, text_of(r, &s, item));
	return DNSPROOF_OK;
}

int set_check(struct run *r)
{
	struct set s = set_of(r);

	return set_read(r, &s);
}
