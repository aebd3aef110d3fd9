#include "config.h"

#include "record.h"

#include <string.h>

#include "match.h"
#include "step.h"

/* The TTL that the name has already holds. */
static void ttl_take(struct run *r, const struct answer *a)
{
	const char *path = json_string_value(json_object_get(run_descriptor(r, "find"), "ttl"));
	const json_t *ttl = path ? path_one(r, a, answer_root(a), path) : NULL;

	if (json_is_integer(ttl) && json_integer_value(ttl) > 0)
		run_set(r, "ttl", json_integer(json_integer_value(ttl)));
}

/* The items with our value; none if there is no such name. */
static int find(struct run *r, int flags, struct results *all)
{
	int rc = step_run_each(r, run_descriptor(r, "find"), flags | STEP_404, all);

	if (rc == STEP_ABSENT) {
		all->n = 0;
		return DNSPROOF_OK;
	}
	if (rc == DNSPROOF_OK && all->answer.status)
		ttl_take(r, &all->answer);
	return rc;
}

static bool looks_first(struct run *r, const json_t *add)
{
	return run_descriptor(r, "find") && !json_is_false(json_object_get(add, "look_first"));
}

int record_add(struct run *r, bool *changed)
{
	const json_t *add = run_descriptor(r, "add");
	struct results all = {0};
	int rc;

	if (looks_first(r, add)) {
		rc = find(r, 0, &all);
		if (rc != DNSPROOF_OK)
			return rc;
		if (all.n)
			return step_capture(r, run_descriptor(r, "find"), &all.at[0], r->handle);
	}
	rc = step_run(r, add, 0, &all);
	if (rc == STEP_EXISTS)
		return DNSPROOF_OK;
	if (rc == STEP_ABSENT)
		return run_fail(r, DNSPROOF_NOZONE, "%s",
		                r->said ? r->said : "the API does not know the zone");
	if (rc != DNSPROOF_OK)
		return rc;
	*changed = true;
	if (!all.n)
		return DNSPROOF_OK;
	return step_capture(r, add, &all.at[0], r->handle);
}

/* `delete: none`: the value stays. */
static bool deletes(struct run *r)
{
	return json_is_object(run_descriptor(r, "delete"));
}

static int delete_one(struct run *r, bool *changed)
{
	struct results all;
	int rc = step_run(r, run_descriptor(r, "delete"), STEP_404, &all);

	if (rc == STEP_ABSENT || rc == STEP_EXISTS)
		return DNSPROOF_OK;
	if (rc != DNSPROOF_OK)
		return rc;
	*changed = true;
	return all.n ? step_capture(r, run_descriptor(r, "delete"), &all.at[0], NULL) : DNSPROOF_OK;
}

/* What add captured becomes variables again; those of the zone step stay as they are now. */
static bool handle_use(struct run *r, const char *handle)
{
	json_t *from = json_loads(handle, JSON_REJECT_DUPLICATES, NULL);
	void *iter = json_object_iter(from);
	bool any = iter != NULL;

	for (; iter; iter = json_object_iter_next(from, iter))
		if (!json_object_get(r->vars, json_object_iter_key(iter)))
			run_set(r, json_object_iter_key(iter), json_incref(json_object_iter_value(iter)));
	json_decref(from);
	return any;
}

static bool ids_are_permanent(struct run *r)
{
	const char *ids = json_string_value(run_descriptor(r, "ids"));

	return ids && !strcmp(ids, "permanent");
}

int record_del(struct run *r, const char *handle, bool *changed)
{
	const json_t *find_step = run_descriptor(r, "find");
	struct results all;
	int rc;

	if (!deletes(r))
		return DNSPROOF_OK;
	if (!find_step) {
		handle_use(r, handle);
		return delete_one(r, changed);
	}
	rc = find(r, 0, &all);
	for (size_t i = 0; rc == DNSPROOF_OK && i < all.n; i++) {
		rc = step_capture(r, find_step, &all.at[i], NULL);
		if (rc == DNSPROOF_OK)
			rc = delete_one(r, changed);
	}
	if (rc == DNSPROOF_OK && all.n == 0 && ids_are_permanent(r) && handle_use(r, handle))
		rc = delete_one(r, changed);
	return rc;
}

int record_list(struct run *r, void (*tell)(void *arg, const char *value), void *arg)
{
	const json_t *match = json_object_get(run_descriptor(r, "find"), "match");
	struct results all;
	int rc = find(r, STEP_ANY_VALUE, &all);

	for (size_t i = 0; rc == DNSPROOF_OK && i < all.n; i++)
		tell(arg, match_value(r, &all.at[i].answer, all.at[i].node, match));
	return rc;
}
