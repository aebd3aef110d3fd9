#include "config.h"

#include "path.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "template.h"

#define NODES_MOST 20000

struct node answer_root(const struct answer *a)
{
	return (struct node){a ? a->json : NULL, NULL};
}

static void nodes_add(struct run *r, struct nodes *s, const json_t *json, const char *key)
{
	if (!json || s->n >= NODES_MOST)
		return;
	if ((s->n & (s->n - 1)) == 0) {
		struct node *larger = arena_get(&r->arena, (s->n ? 2 * s->n : 4) * sizeof(*larger));

		if (s->n)
			memcpy(larger, s->at, s->n * sizeof(*larger));
		s->at = larger;
	}
	s->at[s->n++] = (struct node){json, key};
}

static void add_elements(struct run *r, struct nodes *s, struct node n)
{
	const json_t *element;
	size_t i;

	if (!json_is_array(n.json)) {
		if (n.json && !json_is_null(n.json))
			nodes_add(r, s, n.json, n.key);
		return;
	}
	json_array_foreach(n.json, i, element) nodes_add(r, s, element, NULL);
}

static void add_members(struct run *r, struct nodes *s, struct node n)
{
	const char *key;
	json_t *value;
	void *iter = json_object_iter((json_t *)n.json);

	for (; iter; iter = json_object_iter_next((json_t *)n.json, iter)) {
		key = json_object_iter_key(iter);
		value = json_object_iter_value(iter);
		nodes_add(r, s, value, key);
	}
}

static void add_member(struct run *r, struct nodes *s, struct node n, const char *key)
{
	if (n.key && !strcmp(key, "@key"))
		nodes_add(r, s, run_keep(r, json_string(n.key)), NULL);
	else
		nodes_add(r, s, json_object_get(n.json, key), NULL);
}

static void add_nth(struct run *r, struct nodes *s, struct node n, long i)
{
	long size = (long)json_array_size(n.json);

	if (!json_is_array(n.json) && (i == 0 || i == -1)) {
		nodes_add(r, s, n.json, n.key);
		return;
	}
	if (i < 0)
		i += size;
	if (i >= 0)
		nodes_add(r, s, json_array_get(n.json, (size_t)i), NULL);
}

/* [key=text]: the elements whose member is that. */
static bool add_equal(struct run *r, struct nodes *s, struct node n, const char *inside)
{
	const char *is = strchr(inside, '=');
	char *key = arena_copy(&r->arena, inside, (size_t)(is - inside));
	char *wanted = template_text(r, is + 1, LAND_PLAIN);
	struct nodes all = {0};

	if (!wanted)
		return false;
	add_elements(r, &all, n);
	for (size_t i = 0; i < all.n; i++) {
		struct bytes b = template_scalar(r, json_object_get(all.at[i].json, key));

		if (!strcmp(b.at, wanted))
			nodes_add(r, s, all.at[i].json, all.at[i].key);
	}
	return true;
}

static bool bracket(struct run *r, struct nodes *s, struct node n, const char *inside)
{
	if (!*inside)
		add_elements(r, s, n);
	else if (strchr(inside, '='))
		return add_equal(r, s, n, inside);
	else
		add_nth(r, s, n, strtol(inside, NULL, 10));
	return true;
}

/* One step of the path, from where *at stands; moves it behind. NULL: malformed. */
static char *segment(struct run *r, const char **at)
{
	const char *from = *at, *end;

	if (*from == '[') {
		end = strchr(from, ']');
	} else if (*from == '"') {
		end = strchr(from + 1, '"');
	} else if (*from == '{') {
		end = strchr(from, '}');
	} else {
		end = from + strcspn(from, ".[") - 1;
	}
	if (!end) {
		run_fail(r, DNSPROOF_INVALID, "descriptor: a path that is not closed: %.60s", from);
		return NULL;
	}
	*at = end + 1 + (end[1] == '.');
	return arena_copy(&r->arena, from, (size_t)(end + 1 - from));
}

static bool step(struct run *r, struct nodes *to, struct node n, const char *s)
{
	char *key = arena_copy(&r->arena, s, strlen(s));
	size_t last = strlen(key);

	if (*s == '[') {
		key[last - 1] = '\0';
		return bracket(r, to, n, key + 1);
	}
	if (*s == '"')
		key[last - 1] = '\0';
	else if (*s == '{')
		key = template_text(r, s, LAND_PLAIN);
	if (!key)
		return false;
	if (!strcmp(s, "*"))
		add_members(r, to, n);
	else
		add_member(r, to, n, *s == '"' ? key + 1 : key);
	return true;
}

static bool walk(struct run *r, struct node root, const char *path, struct nodes *out)
{
	*out = (struct nodes){0};
	if (root.json)
		nodes_add(r, out, root.json, root.key);
	if (!strcmp(path, "."))
		return true;
	while (*path) {
		struct nodes next = {0};
		char *s = segment(r, &path);

		if (!s)
			return false;
		for (size_t i = 0; i < out->n; i++)
			if (!step(r, &next, out->at[i], s))
				return false;
		*out = next;
	}
	return true;
}

static bool regex_text(struct run *r, const char *pattern, const char *subject, struct nodes *out)
{
	regmatch_t m[2];
	regex_t regex;

	if (regcomp(&regex, pattern, REG_EXTENDED) != 0) {
		run_fail(r, DNSPROOF_INVALID, "descriptor: not a regular expression: %.80s", pattern);
		return false;
	}
	if (regexec(&regex, subject, 2, m, 0) == 0) {
		const regmatch_t *g = regex.re_nsub > 0 && m[1].rm_so >= 0 ? &m[1] : &m[0];

		nodes_add(r, out,
		          run_keep(r, json_stringn(subject + g->rm_so, (size_t)(g->rm_eo - g->rm_so))), NULL);
	}
	regfree(&regex);
	return true;
}

static const char *subject_of(struct run *r, const struct answer *a, struct node root)
{
	if (root.json && root.json != a->json)
		return template_scalar(r, root.json).at;
	return a->text;
}

bool path_all(struct run *r, const struct answer *a, struct node root, const char *path, struct nodes *out)
{
	*out = (struct nodes){0};
	if (a && !strncmp(path, "answer:", 7))
		return path_all(r, a, answer_root(a), path + 7, out);
	if (a && !strncmp(path, "header:", 7)) {
		char *name = arena_copy(&r->arena, path + 7, strlen(path + 7));

		for (char *c = name; *c; c++)
			*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
		nodes_add(r, out, json_object_get(a->headers, name), NULL);
		return true;
	}
	if (a && !strcmp(path, "http_status")) {
		nodes_add(r, out, run_keep(r, json_integer(a->status)), NULL);
		return true;
	}
	if (a && !strcmp(path, "raw")) {
		nodes_add(r, out, run_keep(r, json_string(subject_of(r, a, root))), NULL);
		return true;
	}
	if (a && !strncmp(path, "raw:", 4))
		return regex_text(r, path + 4, subject_of(r, a, root), out);
	return walk(r, root, path, out);
}

/* The path up to where it may well lead nowhere: a choice, the members of a map, a name as a key. */
static char *certain(struct run *r, const char *path)
{
	size_t n = strcspn(path, "*[{");

	while (n > 0 && path[n - 1] == '.')
		n--;
	return arena_copy(&r->arena, path, n);
}

static bool no_list(struct run *r, const char *path)
{
	run_fail(r, DNSPROOF_TEMP, "the API's answer has no list %.80s; did it change?", path);
	return false;
}

/* A path that ends in `*` has the elements already. */
static bool is_list(const json_t *json, const char *path)
{
	size_t n = strlen(path);

	return json_is_array(json) || json_is_null(json) || (n > 0 && path[n - 1] == '*');
}

bool path_list(struct run *r, const struct answer *a, struct node root, const char *path, struct nodes *out)
{
	size_t n = strlen(path);
	bool strict = a && !a->loose && !(n > 0 && path[n - 1] == '?');
	struct nodes lists, sure;

	*out = (struct nodes){0};
	path = arena_copy(&r->arena, path, n > 0 && path[n - 1] == '?' ? n - 1 : n);
	if (!path_all(r, a, root, path, &lists) || !path_all(r, a, root, certain(r, path), &sure))
		return false;
	if (strict && sure.n == 0 && a->status != 204)
		return no_list(r, path);
	if (strict && path[strcspn(path, "*[{")] == '{' && sure.n > 0 && !json_is_object(sure.at[0].json))
		return no_list(r, path);
	for (size_t i = 0; i < lists.n; i++) {
		if (strict && !is_list(lists.at[i].json, path))
			return no_list(r, path);
		add_elements(r, out, lists.at[i]);
	}
	return true;
}

const json_t *path_one(struct run *r, const struct answer *a, struct node root, const char *path)
{
	size_t n = strlen(path);
	struct nodes all;

	if (n > 0 && path[n - 1] == '?' && strncmp(path, "raw:", 4) != 0)
		path = arena_copy(&r->arena, path, n - 1);
	return path_all(r, a, root, path, &all) && all.n ? all.at[0].json : NULL;
}

struct bytes path_text(struct run *r, const struct answer *a, struct node root, const char *path)
{
	return template_scalar(r, path_one(r, a, root, path));
}
