#include "config.h"

#include "required.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"

static bool text_mentions(const char *text, const char *variable)
{
	size_t n = strlen(variable);

	for (const char *at = text; (at = strchr(at, '{')); at++)
		if (!strncmp(at + 1, variable, n) && strchr("}|.", at[1 + n]))
			return true;
	return false;
}

bool required_mentions(const json_t *tree, const char *variable)
{
	const json_t *value;
	const char *key;
	void *iter = json_object_iter((json_t *)tree);
	size_t i;

	if (json_is_string(tree))
		return text_mentions(json_string_value(tree), variable);
	json_array_foreach(tree, i, value) if (required_mentions(value, variable)) return true;
	for (; iter; iter = json_object_iter_next((json_t *)tree, iter)) {
		key = json_object_iter_key(iter);
		if (text_mentions(key, variable) || required_mentions(json_object_iter_value(iter), variable))
			return true;
	}
	return false;
}

/* One of the ways to authenticate, itself or by the signature that it sends. */
static bool way_wants(const json_t *root, const json_t *way, const char *credential)
{
	return required_mentions(way, credential) ||
	       (required_mentions(way, "signature") &&
	        required_mentions(json_object_get(root, "sign"), credential));
}

bool required_alternatively(const json_t *root, const char *credential)
{
	const json_t *all = json_object_get(root, "authentication"), *one;
	size_t i, mentioned = 0;

	json_array_foreach(all, i, one) mentioned += way_wants(root, one, credential);
	return mentioned > 0 && mentioned < json_array_size(all);
}

bool required_always(const json_t *root, const char *name)
{
	const json_t *credential = json_object_get(json_object_get(root, "credentials"), name);

	return !json_is_true(json_object_get(credential, "optional")) &&
	       !json_object_get(credential, "default") && !required_alternatively(root, name);
}

static bool may_lack(const json_t *credential)
{
	return json_is_true(json_object_get(credential, "optional")) ||
	       json_object_get(credential, "default");
}

/* The credentials that one way wants and others do not, those given and those missing. */
static void way_split(const json_t *root, const json_t *way, const json_t *options, struct strs *given,
                      struct strs *missing)
{
	const json_t *credential;
	const char *key;

	json_object_foreach(json_object_get(root, "credentials"), key, credential)
	{
		if (may_lack(credential) || !required_alternatively(root, key) || !way_wants(root, way, key))
			continue;
		strs_add(json_object_get(options, key) ? given : missing, key);
	}
}

static void say_half(const char *provider, const struct strs *given, const struct strs *missing,
                     struct err *e)
{
	char *have = strs_join(given, " and "), *lack = strs_join(missing, " and ");

	err_set(e, "%s: %s is given without %s; add --set %s=... (dnsproof providers %s shows how)", provider,
	        have, lack, missing->at[0], provider);
	free(have);
	free(lack);
}

/* What is to be typed for them; new string. */
static char *set_words(const json_t *root, const struct strs *keys)
{
	const json_t *credentials = json_object_get(root, "credentials");
	struct strs each = {0};
	char *text;

	for (size_t i = 0; i < keys->n; i++) {
		bool secret =
		    json_is_true(json_object_get(json_object_get(credentials, keys->at[i]), "secret"));

		text = xasprintf("--set %s=%s", keys->at[i], secret ? "file:/path" : "VALUE");
		strs_add(&each, text);
		free(text);
	}
	text = strs_join(&each, " ");
	strs_free(&each);
	return text;
}

static void say_none(const char *provider, const json_t *root, struct err *e)
{
	const json_t *ways = json_object_get(root, "authentication"), *way;
	struct strs all = {0}, sets = {0}, none = {0};
	char *text, *typed;
	size_t i;

	json_array_foreach(ways, i, way)
	{
		struct strs one = {0};

		way_split(root, way, NULL, &none, &one);
		text = strs_join(&one, " and ");
		strs_add(&all, text);
		free(text);
		text = set_words(root, &one);
		strs_add(&sets, text);
		free(text);
		strs_free(&one);
	}
	text = strs_join(&all, ", or ");
	typed = strs_join(&sets, ", or ");
	err_set(e, "%s needs %s; add %s", provider, text, typed);
	free(text);
	free(typed);
	strs_free(&all);
	strs_free(&sets);
}

bool required_complete(const char *provider, const json_t *root, const json_t *options, struct err *e)
{
	const json_t *ways = json_object_get(root, "authentication"), *way;
	bool complete = !json_is_array(ways), half = false;
	size_t i, best = 0;

	json_array_foreach(ways, i, way)
	{
		struct strs given = {0}, missing = {0};

		way_split(root, way, options, &given, &missing);
		complete = complete || !missing.n;
		if (!complete && given.n > best) {
			best = given.n;
			half = true;
			say_half(provider, &given, &missing, e);
		}
		strs_free(&given);
		strs_free(&missing);
	}
	if (!complete && !half)
		say_none(provider, root, e);
	return complete;
}
