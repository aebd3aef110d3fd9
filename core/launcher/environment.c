#include "config.h"

#include "launcher/environment.h"

#include <stdbool.h>
#include <stdlib.h>

#include "common/mem.h"
#include "launcher/events.h"

static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

/* The source, new string; NULL when neither variable is set. */
static char *source_of(const char *name)
{
	char *file = xasprintf("%s_FILE", name), *source = NULL;
	if (is_set(name))
		source = xasprintf("env:%s", name);
	else if (is_set(file) && *getenv(file) == '/')
		source = xasprintf("file:%s", getenv(file));
	free(file);
	return source;
}

static void fill_one(json_t *options, const char *key, const json_t *names)
{
	const json_t *name;
	size_t i;
	json_array_foreach(names, i, name)
	{
		char *source = json_is_string(name) ? source_of(json_string_value(name)) : NULL;
		if (!source)
			continue;
		events_say(SAY_DEBUG, "option", "option %s: from the environment (%s)", key, source);
		json_object_set_new(options, key, json_string(source));
		free(source);
		return;
	}
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

void environment_fill(json_t *options, const json_t *table)
{
	bool credential_given = is_given(options, table, "one_of") || is_given(options, table, "secret");
	bool any_given = credential_given || is_given(options, table, "required");
	const json_t *option;
	size_t i;
	json_array_foreach(table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		bool needed = has_flag(option, "required") || has_flag(option, "one_of");
		bool wanted = needed ? !credential_given : !any_given;
		if (key && wanted && !json_object_get(options, key))
			fill_one(options, key, json_object_get(option, "env"));
	}
}
