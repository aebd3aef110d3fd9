#include "config.h"

#include "launcher/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/env_names.h"
#include "common/mem.h"
#include "common/str.h"
#include "launcher/events.h"

static bool take(void *arg, const struct env_source *s)
{
	char *source = s->path ? xasprintf("file:%s", s->path) : xasprintf("env:%s", s->variable);
	events_say(SAY_DEBUG, "option", "option %s: from the environment (%s)", s->key, source);
	json_object_set_new(arg, s->key, json_string(source));
	free(source);
	return true;
}

static bool has_flag(const json_t *option, const char *flag)
{
	return json_is_true(json_object_get(option, flag));
}

static struct strs names_of(const json_t *option)
{
	struct strs names = {0};
	const json_t *name;
	size_t i;
	json_array_foreach(json_object_get(option, "env"), i, name) if (json_is_string(name))
	    strs_add(&names, json_string_value(name));
	return names;
}

void environment_fill(json_t *options, const json_t *table)
{
	struct env_option *all = xcalloc(json_array_size(table) + 1, sizeof(*all));
	const json_t *option;
	size_t i, n = 0;
	json_array_foreach(table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		if (key)
			all[n++] = (struct env_option){.key = key,
			                               .names = names_of(option),
			                               .required = has_flag(option, "required"),
			                               .one_of = has_flag(option, "one_of"),
			                               .secret = has_flag(option, "secret"),
			                               .in_set = has_flag(option, "env_set"),
			                               .given = json_object_get(options, key)};
	}
	env_names_fill(all, n, true, take, options);
	env_options_free(all, n);
}
