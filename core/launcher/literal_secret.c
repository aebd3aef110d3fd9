#include "config.h"

#include "launcher/literal_secret.h"

#include <string.h>

#include "launcher/provider_options.h"
#include "launcher/secret.h"

static bool is_literal(const json_t *value)
{
	return json_is_string(value) && !secret_is_source(json_string_value(value));
}

static bool has_literal(const json_t *set)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)set, key, v) if (is_literal(v)) return true;
	return false;
}

static void drop(json_t *set, const char *key, struct strs *gone)
{
	strs_add(gone, key);
	json_object_del(set, key);
}

bool literal_secrets_drop(json_t *set, const char *provider, struct strs *gone)
{
	bool ask = has_literal(set);
	json_t *table = ask ? provider_options(provider) : NULL, *option;
	const char *proxy = json_string_value(json_object_get(set, "proxy"));
	size_t i;
	json_array_foreach(table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		if (key && json_is_true(json_object_get(option, "secret")) &&
		    is_literal(json_object_get(set, key)))
			drop(set, key, gone);
	}
	/* every provider's, and a secret when it holds a password */
	if (proxy && !secret_is_source(proxy) && strchr(proxy, '@'))
		drop(set, "proxy", gone);
	bool judged = !ask || json_is_array(table);
	json_decref(table);
	return judged;
}
