#include "config.h"

#include "zone.h"

#include <string.h>
#include <strings.h>

#include "match.h"
#include "step.h"

/* lower case, no final dot */
static const char *as_name(struct run *r, struct bytes b)
{
	size_t n = b.n > 1 && b.at[b.n - 1] == '.' ? b.n - 1 : b.n;
	char *name = arena_copy(&r->arena, b.at, n);

	for (char *c = name; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	return name;
}

static bool is_above(const char *zone, const char *name)
{
	size_t n = strlen(name), z = strlen(zone);

	return z > 0 && n >= z && !strcmp(name + n - z, zone) && (n == z || name[n - z - 1] == '.');
}

static const char *text_of(const struct run *r, const char *variable)
{
	const char *text = json_string_value(json_object_get(r->vars, variable));

	return text ? text : "";
}

static int none(struct run *r)
{
	if (r->said)
		return run_fail(r, DNSPROOF_NOZONE, "%s", r->said);
	return run_fail(r, DNSPROOF_NOZONE, "zone %s is not in this account", text_of(r, "zone"));
}

/* Puts the chosen item to work. */
static int take(struct run *r, const json_t *step, const struct found *item, const char *zone, json_t *into)
{
	int rc = step_capture(r, step, item, into);

	if (rc != DNSPROOF_OK)
		return rc;
	if (zone && !run_set_zone(r, zone))
		return none(r);
	json_object_set_new(into, "zone", json_string(text_of(r, "zone")));
	return DNSPROOF_OK;
}

/* dnsproof's zone, else the longest name above the owner. */
static const struct found *choose(struct run *r, const struct results *all, const char *path,
                                  const char **zone)
{
	const char *wanted = text_of(r, "zone"), *name = text_of(r, "name");
	const struct found *best = NULL;

	*zone = "";
	for (size_t i = 0; i < all->n; i++) {
		const struct found *f = &all->at[i];
		const char *is = as_name(r, path_text(r, &f->answer, f->node, path));

		if (!strcmp(is, wanted)) {
			*zone = is;
			return f;
		}
		if (is_above(is, name) && strlen(is) > strlen(*zone)) {
			best = f;
			*zone = is;
		}
	}
	return best;
}

static int from_list(struct run *r, const json_t *step, json_t *into)
{
	const char *path = json_string_value(json_object_get(step, "name")), *zone = NULL;
	const struct found *item;
	struct results all;
	int rc = step_run(r, step, STEP_404, &all);

	if (rc == STEP_ABSENT || (rc == DNSPROOF_OK && all.n == 0))
		return none(r);
	if (rc != DNSPROOF_OK)
		return rc;
	item = path ? choose(r, &all, path, &zone) : &all.at[0];
	return item ? take(r, step, item, zone, into) : none(r);
}

/* The candidate after this one: the zone, then the owner's parents. NULL at the end. */
static const char *candidate_after(const char *zone, const char *name, const char *before)
{
	const char *dot = before == zone ? name : strchr(before, '.');

	if (!dot)
		return NULL;
	if (before != zone)
		dot++;
	if (!strcmp(dot, zone))
		return candidate_after(zone, name, dot);
	return strchr(dot, '.') ? dot : NULL;
}

static int from_probe(struct run *r, const json_t *step, json_t *into)
{
	const char *zone = text_of(r, "zone"), *name = text_of(r, "name");

	for (const char *try = zone; try; try = candidate_after(zone, name, try)) {
		const char *path = json_string_value(json_object_get(step, "name")), *is = try;
		struct results all;
		int rc;

		run_set_text(r, "candidate", try);
		rc = step_run(r, step, STEP_404, &all);
		if (rc == STEP_ABSENT || (rc == DNSPROOF_OK && all.n == 0))
			continue;
		if (rc != DNSPROOF_OK)
			return rc;
		if (path)
			is = as_name(r, path_text(r, &all.at[0].answer, all.at[0].node, path));
		return take(r, step, &all.at[0], is, into);
	}
	return none(r);
}

static bool remembered(struct run *r, const char *zone)
{
	json_t *known = json_object_get(r->account->zones, zone);
	void *iter = json_object_iter(known);

	for (; iter; iter = json_object_iter_next(known, iter))
		run_set(r, json_object_iter_key(iter), json_incref(json_object_iter_value(iter)));
	if (!known)
		return false;
	json_object_update(r->handle, known);
	r->zone_remembered = true;
	return run_set_zone(r, zone);
}

int zone_find(struct run *r)
{
	const json_t *step = run_descriptor(r, "zone"), *lookup = run_descriptor(r, "lookup");
	const char *asked = text_of(r, "zone");
	int rc = DNSPROOF_OK;

	if (step && !remembered(r, asked)) {
		json_t *into = run_keep(r, json_object());

		rc = json_is_true(json_object_get(step, "probe")) ? from_probe(r, step, into)
		                                                  : from_list(r, step, into);
		if (rc == DNSPROOF_OK && !strcmp(text_of(r, "zone"), asked))
			json_object_set(r->account->zones, asked, into);
		json_object_update(r->handle, into);
	}
	if (rc == DNSPROOF_OK && lookup)
		rc = step_list(r, lookup, r->handle);
	return rc;
}

void zone_forget(struct run *r)
{
	json_object_clear(r->account->zones);
}
