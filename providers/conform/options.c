#include "config.h"

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/mem.h"
#include "host/options.h"
#include "host/secret_source.h"

#define SECRET_LEAST 6

/* Where dnsproof keeps what it uses, secrets of the operator among it. */
static const char *const operators[] = {SYSCONFDIR "/dnsproof/", LOCALSTATEDIR "/lib/dnsproof/"};

/* "${word}" by what the fake says; NULL with e. New string. */
static char *filled(const char *text, const json_t *about, struct err *e)
{
	const char *open = strstr(text, "${"), *close = open ? strchr(open, '}') : NULL;
	char *word, *rest, *all;
	const char *value;

	if (!close)
		return xstrdup(text);
	word = xstrndup(open + 2, (size_t)(close - open - 2));
	value = json_string_value(json_object_get(about, word));
	rest = filled(close + 1, about, e);
	if (!value)
		err_set(e, "the fake says nothing of ${%s}", word);
	all = value && rest ? xasprintf("%.*s%s%s", (int)(open - text), text, value, rest) : NULL;
	free(word);
	free(rest);
	return all;
}

/* The kit runs commands of the case and modules that are not trusted yet, and looks for secrets in what they
 * print: it takes those of a test zone, and no credential that dnsproof itself uses. */
static bool source_is_for_tests(const char *text, struct err *e)
{
	char *path;
	bool ok = true;

	if (str_starts(text, "cred:"))
		return err_set(
		    e, "systemd credentials are the operator's; give those of a test zone (file: or env:)");
	path = str_starts(text, "file:") ? realpath(text + 5, NULL) : NULL;
	if (!path)
		path = xstrdup(str_starts(text, "file:") ? text + 5 : "");
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		ok = ok && !str_starts(path, operators[i]);
	if (!ok)
		err_set(e, "%s belongs to this machine's dnsproof; give the credentials of a test zone",
		        path);
	free(path);
	return ok;
}

static bool option_add(json_t *into, const char *key, const char *text, struct err *e)
{
	struct givens g = {0};
	char *typed = xasprintf("%s=%s", key, text);
	bool ok = source_is_for_tests(text, e) && secret_source_add(&g, typed, e);

	if (ok)
		json_object_set_new(into, key, json_string(g.at[0].value));
	givens_free(&g);
	mem_wipe_free(typed);
	return ok;
}

static bool map_resolve(const json_t *map, const json_t *about, json_t *into, struct err *e)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)map, key, value)
	{
		char *typed = json_is_string(value) ? xstrdup(json_string_value(value))
		                                    : json_dumps(value, JSON_ENCODE_ANY);
		char *text = filled(typed, about, e);
		bool ok = text && option_add(into, key, text, e);

		free(typed);
		mem_wipe_free(text);
		if (!ok)
			return err_prefix(e, "option %s", key);
	}
	return true;
}

/* Does an option ask the fake directly? */
static bool asks_directly(const json_t *map)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)map, key,
	                    value) if (json_is_string(value) &&
	                               strstr(json_string_value(value), "${url}")) return true;
	return false;
}

json_t *conform_options(const struct conform_case *c, const json_t *about, struct err *e)
{
	json_t *options = json_object();
	const char *const by_proxy[] = {"proxy", "ca_bundle"};

	if (!map_resolve(c->options, about, options, e)) {
		options_free(options);
		return NULL;
	}
	for (size_t i = 0; i < 2 && !asks_directly(c->options); i++)
		if (json_object_get(about, by_proxy[i]))
			json_object_set(options, by_proxy[i], json_object_get(about, by_proxy[i]));
	return options;
}

static bool is_secret(const json_t *described, const char *key)
{
	json_t *option;
	size_t i;

	json_array_foreach(json_object_get(described, "options"), i, option)
	{
		const char *name = json_string_value(json_object_get(option, "key"));

		if (name && !strcmp(name, key))
			return json_is_true(json_object_get(option, "secret"));
	}
	return false;
}

void conform_options_secrets(const json_t *options, const json_t *described, struct strs *secrets)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)options, key,
	                    value) if (is_secret(described, key) && json_string_length(value) >= SECRET_LEAST)
	    strs_add(secrets, json_string_value(value));
}

/* Another value of the same form: letters and digits in the second half move by one. */
static json_t *wrong(const json_t *value)
{
	char *text = xstrdup(json_string_value(value));
	json_t *other;

	for (char *c = text + strlen(text) / 2; *c; c++)
		*c = *c == 'z'   ? 'a'
		     : *c == 'Z' ? 'A'
		     : *c == '9' ? '0'
		     : ((*c >= 'a' && *c < 'z') || (*c >= 'A' && *c < 'Z') || (*c >= '0' && *c < '9'))
		         ? (char)(*c + 1)
		         : *c;
	other = json_string(text);
	mem_wipe_free(text);
	return other;
}

json_t *conform_options_bad(const struct conform_case *c, const json_t *options, const json_t *described,
                            const json_t *about)
{
	json_t *bad = json_deep_copy(options), *value;
	const char *key;
	void *next;
	struct err e;

	if (c->bad_options) {
		if (!map_resolve(c->bad_options, about, bad, &e))
			log_warn("bad_options: %s", e.text);
		return bad;
	}
	json_object_foreach_safe(bad, next, key, value) if (is_secret(described, key))
	    json_object_set_new(bad, key, wrong(value));
	return bad;
}
