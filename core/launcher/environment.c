#include "config.h"

#include "launcher/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "launcher/events.h"

static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

/* "file:NAME": the variable holds a path. */
static const char *variable_of(const char *name)
{
	return str_starts(name, "file:") ? name + strlen("file:") : name;
}

/* The source, new string; NULL when neither variable is set. */
static char *source_of(const char *name)
{
	bool is_path = variable_of(name) != name;
	char *file = is_path ? xstrdup(variable_of(name)) : xasprintf("%s_FILE", name), *source = NULL;
	if (!is_path && is_set(name))
		source = xasprintf("env:%s", name);
	else if (is_set(file) && *getenv(file) == '/')
		source = xasprintf("file:%s", getenv(file));
	free(file);
	return source;
}

/* The source of the first name that is set, and which that was; of one program's set where `set` says which. */
static char *first_source(const json_t *names, const char *set, const char **which)
{
	const json_t *name;
	size_t i;
	json_array_foreach(names, i, name)
	{
		const char *text = json_string_value(name);
		char *source = NULL;
		if (text && (!set || str_starts(variable_of(text), set)))
			source = source_of(text);
		if (!source)
			continue;
		*which = variable_of(text);
		return source;
	}
	return NULL;
}

static void fill_one(json_t *options, const char *key, const json_t *names, const char *set)
{
	const char *which;
	char *source = first_source(names, set, &which);
	if (!source)
		return;
	events_say(SAY_DEBUG, "option", "option %s: from the environment (%s)", key, source);
	json_object_set_new(options, key, json_string(source));
	free(source);
}

static bool has_flag(const json_t *option, const char *flag)
{
	return json_is_true(json_object_get(option, flag));
}

/* Is an option given that has the flag? */
static bool is_given(const json_t *options, const json_t *table, const char *flag)
{
	const json_t *option;
	size_t i;
	json_array_foreach(table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		if (key && has_flag(option, flag) && json_object_get(options, key))
			return true;
	}
	return false;
}

/* "RFC2136_": the first word of the first name that is set, of those that come in sets. New; NULL. */
static char *set_of(const json_t *table)
{
	const json_t *option;
	size_t i;
	json_array_foreach(table, i, option)
	{
		const char *which = NULL;
		if (has_flag(option, "env_set"))
			free(first_source(json_object_get(option, "env"), NULL, &which));
		if (which)
			return xstrndup(which, strcspn(which, "_") + 1);
	}
	return NULL;
}

void environment_fill(json_t *options, const json_t *table)
{
	bool credential_given = is_given(options, table, "one_of") || is_given(options, table, "secret");
	bool any_given = credential_given || is_given(options, table, "required");
	char *set = set_of(table);
	const json_t *option;
	size_t i;
	json_array_foreach(table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		bool needed = has_flag(option, "required") || has_flag(option, "one_of");
		bool wanted = needed ? !credential_given : !any_given;
		if (key && wanted && !json_object_get(options, key))
			fill_one(options, key, json_object_get(option, "env"),
			         has_flag(option, "env_set") ? set : NULL);
	}
	free(set);
}
