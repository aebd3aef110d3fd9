#include "config.h"

#include "required.h"

#include <string.h>

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

bool required_alternatively(const json_t *root, const char *credential)
{
	const json_t *all = json_object_get(root, "authentication"), *one;
	size_t i, mentioned = 0;

	json_array_foreach(all, i, one) mentioned += required_mentions(one, credential);
	return mentioned > 0 && mentioned < json_array_size(all);
}

bool required_always(const json_t *root, const char *name)
{
	const json_t *credential = json_object_get(json_object_get(root, "credentials"), name);

	return !json_is_true(json_object_get(credential, "optional")) &&
	       !json_object_get(credential, "default") && !required_alternatively(root, name);
}
