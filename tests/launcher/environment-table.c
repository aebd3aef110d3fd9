/*
 * Which environment names does `dnsproof issue --dns NAME` look at? On stdin a line of JSON for each provider (what
 * `dnsproof-provider --json --describe` says), on stdout a line for each name: variable, provider, option, yes or no.
 * Exit code 1 if a single one is not looked at, or is mixed into a set of which a secret was given.
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "launcher/environment.h"

static bool is_looked_at(const json_t *table, const char *key, const char *name)
{
	bool is_path = str_starts(name, "file:");
	char *source = is_path ? xstrdup("file:/x") : xasprintf("env:%s", name);
	json_t *options = json_object();
	const char *taken;

	name = is_path ? name + strlen("file:") : name;
	setenv(name, "/x", 1);
	environment_fill(options, table);
	unsetenv(name);
	taken = json_string_value(json_object_get(options, key));
	bool yes = taken && !strcmp(taken, source);
	json_decref(options);
	free(source);
	return yes;
}

/* With a credential typed, that of another program is not mixed in. */
static bool is_mixed(const json_t *table, const char *key, const char *name)
{
	json_t *options = json_object();
	const json_t *option;
	size_t i;

	json_array_foreach(table, i, option)
	{
		const char *other = json_string_value(json_object_get(option, "key"));
		bool required = json_is_true(json_object_get(option, "required"));

		if (required && json_is_true(json_object_get(option, "secret")) && strcmp(other, key) != 0)
			json_object_set_new(options, other, json_string("file:/typed"));
	}
	size_t typed = json_object_size(options);
	name = str_starts(name, "file:") ? name + strlen("file:") : name;
	setenv(name, "/x", 1);
	environment_fill(options, table);
	unsetenv(name);
	bool mixed = typed > 0 && json_object_get(options, key);
	json_decref(options);
	return mixed;
}

static bool provider_tell(const json_t *provider)
{
	const json_t *table = json_object_get(provider, "options"), *option, *name;
	const char *who = json_string_value(json_object_get(provider, "name"));
	bool all = true;
	size_t i, k;

	json_array_foreach(table, i, option) json_array_foreach(json_object_get(option, "env"), k, name)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		const char *variable = json_string_value(name);
		bool yes = is_looked_at(table, key, variable) && !is_mixed(table, key, variable);

		printf("%-40s %-20s %-20s %s\n", variable, who, key, yes ? "yes" : "no");
		all = all && yes;
	}
	return all;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	bool all = true;

	while (getline(&line, &room, stdin) > 0) {
		json_t *provider = json_loads(line, 0, NULL);

		if (!provider)
			return 2;
		all = provider_tell(provider) && all;
		json_decref(provider);
	}
	free(line);
	return all ? 0 : 1;
}
