#include "config.h"

#include "auth.h"

#include <string.h>

#include "template.h"

/* Are all templates in it ready? "key?" may be empty. */
static bool tree_ready(struct run *r, const json_t *tree)
{
	const json_t *value;
	void *iter;
	size_t i;

	if (json_is_string(tree))
		return template_ready(r, json_string_value(tree));
	json_array_foreach(tree, i, value) if (!tree_ready(r, value)) return false;
	for (iter = json_object_iter((json_t *)tree); iter;
	     iter = json_object_iter_next((json_t *)tree, iter)) {
		const char *key = json_object_iter_key(iter);
		size_t n = strlen(key);

		if ((n == 0 || key[n - 1] != '?') && !tree_ready(r, json_object_iter_value(iter)))
			return false;
	}
	return true;
}

const json_t *auth_choose(struct run *r, bool *wanted)
{
	const json_t *all = run_descriptor(r, "authentication"), *one;
	size_t i;

	*wanted = all != NULL;
	if (json_is_object(all))
		return tree_ready(r, all) ? all : NULL;
	json_array_foreach(all, i, one) if (tree_ready(r, one)) return one;
	return NULL;
}

static const char *basic_text(struct run *r, const json_t *basic)
{
	char *user = template_text(r, json_string_value(json_array_get(basic, 0)), LAND_PLAIN), *password,
	     *all;

	if (!user)
		return NULL;
	password = template_text(r, json_string_value(json_array_get(basic, 1)), LAND_PLAIN);
	if (!password)
		return NULL;
	all = arena_printf(&r->arena, "%s:%s", user, password);
	all = r->host->encode(r->call, "base64", all, strlen(all));
	r->host->secret(r->call, all);
	return arena_printf(&r->arena, "Basic %s", all);
}

static bool authorization(struct run *r, const json_t *map, struct pairs *header)
{
	const char *bearer = json_string_value(json_object_get(map, "bearer")), *text = NULL;
	const json_t *basic = json_object_get(map, "basic");

	if (!bearer && !basic)
		return true;
	if (bearer) {
		text = template_text(r, bearer, LAND_HEADER);
		text = text ? arena_printf(&r->arena, "Bearer %s", text) : NULL;
	} else {
		text = basic_text(r, basic);
	}
	if (text)
		pairs_set(r, header, "Authorization", text);
	return text != NULL;
}

bool auth_apply(struct run *r, const json_t *map, struct pairs *header, struct pairs *query,
                struct pairs *form)
{
	return authorization(r, map, header) &&
	       pairs_expand(r, header, json_object_get(map, "header"), true) &&
	       pairs_expand(r, query, json_object_get(map, "query"), false) &&
	       (!form || pairs_expand(r, form, json_object_get(map, "form"), false));
}

int auth_missing(struct run *r)
{
	struct text t;
	const char *key;
	json_t *credential;

	text_start(&t, &r->arena);
	json_object_foreach((json_t *)run_descriptor(r, "credentials"), key, credential)
	{
		const json_t *value = run_get(r, key);

		if (json_is_string(value) && json_string_length(value) == 0) {
			text_str(&t, t.n ? ", " : "");
			text_str(&t, key);
		}
	}
	return run_fail(r, DNSPROOF_AUTH,
	                "credentials are missing: the options given are not enough; not set: %s",
	                t.n ? t.at : "nothing; the login gave no session");
}
