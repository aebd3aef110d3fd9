#include "config.h"

#include "pername.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool covers(const char *zone, size_t z, const char *name)
{
	size_t n = strlen(name);

	if (z > 0 && zone[z - 1] == '.')
		z--;
	return z > 0 && n >= z && !strncasecmp(name + n - z, zone, z) && (n == z || name[n - z - 1] == '.');
}

static struct bytes value_of(const char *lines, const char *name)
{
	struct bytes best = {"", 0};
	size_t longest = 0;

	for (const char *line = lines; *line;) {
		size_t all, key, skip;

		line += strspn(line, " \t");
		all = strcspn(line, "\r\n");
		key = strcspn(line, " \t:=\r\n");
		skip = key + strspn(line + key, " \t:=");
		if (key > longest && skip < all && covers(line, key, name)) {
			longest = key;
			best = (struct bytes){line + skip, all - skip};
		}
		line += all;
		line += strspn(line, "\r\n");
	}
	return best;
}

void pername_set(const struct account *a, json_t *vars, struct arena *arena, const char *name)
{
	json_t *credential;
	const char *key;

	json_object_foreach(json_object_get(a->descriptor, "credentials"), key, credential)
	{
		const char *lines = json_string_value(json_object_get(a->options, key));
		struct bytes value;

		if (!lines || !json_is_true(json_object_get(credential, "per_name")))
			continue;
		value = value_of(lines, name);
		json_object_set_new(vars, key, json_stringn(value.at, value.n));
	}
}
