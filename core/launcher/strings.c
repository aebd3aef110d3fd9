#include "config.h"

#include "launcher/strings.h"

json_t *strings_json(const struct strs *s)
{
	json_t *array = json_array();
	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(array, json_string(s->at[i]));
	return array;
}

void strings_take(struct strs *to, const json_t *array)
{
	size_t i;
	const json_t *v;
	json_array_foreach((json_t *)array, i, v) if (json_is_string(v)) strs_add(to, json_string_value(v));
}

const char *strings_at(const json_t *array, size_t n)
{
	const char *text = json_string_value(json_array_get(array, n));
	return text ? text : "";
}
