#include "config.h"

#include "engine/run/due.h"

#include <string.h>

#define LIFE_SHORT_S (10 * 86400) /* below it half of the lifetime is the limit, else a third */

static bool names_equal(const json_t *list, const struct strs *names)
{
	size_t i;
	const json_t *v;

	if (json_array_size(list) != names->n)
		return false;
	json_array_foreach(list, i, v)
	{
		if (!json_is_string(v) || !strs_has(names, json_string_value(v)))
			return false;
	}
	return true;
}

enum due due_of(const json_t *current, const struct job_cert *wanted, const char *directory, int64_t now,
                struct due_dates *dates)
{
	int64_t since = json_integer_value(json_object_get(current, "not_before"));
	int64_t until = json_integer_value(json_object_get(current, "not_after"));
	const char *type = json_string_value(json_object_get(current, "type"));
	const char *issuer = json_string_value(json_object_get(current, "directory"));
	int64_t life = until - since;

	*dates = (struct due_dates){.until = until, .from = until - life / (life < LIFE_SHORT_S ? 2 : 3)};
	if (!until || !type)
		return DUE_NONE;
	if (wanted->revoke || json_is_true(json_object_get(current, "revoked")))
		return DUE_REVOKED;
	if (now > dates->from)
		return DUE_AGE;
	if (!names_equal(json_object_get(current, "names"), &wanted->names))
		return DUE_NAMES;
	if (strcmp(type, wanted->key) != 0)
		return DUE_KEY;
	return issuer && strcmp(issuer, directory) != 0 ? DUE_CA : DUE_NOT;
}
