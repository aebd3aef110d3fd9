/* Objects of settings, by the table of keys. */
#include "config.h"

#include <stdlib.h>

#include "common/spec/spec.h"

const char *spec_text(const json_t *settings, enum spec_key key)
{
	const json_t *v = json_object_get(settings, spec_table[key].name);
	const char *text =
	    json_string_value(spec_table[key].most_here && json_is_array(v) ? json_array_get(v, 0) : v);
	return text ? text : spec_table[key].standard;
}

const char *spec_second(const json_t *settings, enum spec_key key)
{
	return json_string_value(json_array_get(json_object_get(settings, spec_table[key].name), 1));
}

unsigned spec_number(const json_t *settings, enum spec_key key)
{
	const struct spec_row *row = &spec_table[key];
	const json_t *v = json_object_get(settings, row->name);
	if (json_is_integer(v))
		return (unsigned)json_integer_value(v);
	return row->standard ? (unsigned)strtoul(row->standard, NULL, 10) : 0;
}

bool spec_yes(const json_t *settings, enum spec_key key)
{
	return json_is_true(json_object_get(settings, spec_table[key].name));
}

const json_t *spec_list(const json_t *settings, enum spec_key key)
{
	const json_t *list = json_object_get(settings, spec_table[key].name);
	return json_is_array(list) ? list : NULL;
}

static bool one_fits(const struct spec_row *row, const json_t *v)
{
	json_int_t n = json_integer_value(v);
	switch (row->type) {
	case SPEC_YES:
		return json_is_boolean(v);
	case SPEC_COUNT:
		return json_is_integer(v) && n >= 0;
	case SPEC_NUMBER:
	case SPEC_SECONDS:
		return json_is_integer(v) && n >= row->least && n <= row->most;
	case SPEC_WORD:
		return spec_word((enum spec_key)(row - spec_table), json_string_value(v)) >= 0;
	default:
		return json_is_string(v) && json_string_length(v) > 0;
	}
}

static bool fits(const struct spec_row *row, const json_t *v)
{
	const json_t *one;
	size_t i;
	if (row->type == SPEC_PAIR)
		return json_is_object(v);
	bool some = row->most_here && json_is_array(v);
	if (!row->many && !some)
		return one_fits(row, v);
	if (!json_is_array(v) || (some && (!json_array_size(v) || json_array_size(v) > row->most_here)))
		return false;
	json_array_foreach(v, i, one) if (!one_fits(row, one)) return false;
	return true;
}

bool spec_copy(json_t *to, const json_t *from, enum spec_place place, struct err *e)
{
	for (int i = 0; i < KEYS; i++) {
		const struct spec_row *row = &spec_table[i];
		json_t *v = json_object_get(from, row->name);
		if (!v && row->once)
			v = json_object_get(from, row->once);
		if (!(row->places & place) || !v || json_is_null(v))
			continue;
		if (!fits(row, v))
			return err_set(e, "%s is not what it should be", row->name);
		json_object_set(to, row->name, v);
	}
	return true;
}

static json_t *standard_value(const struct spec_row *row)
{
	if (row->many)
		return json_array();
	if (row->type == SPEC_YES)
		return json_false();
	if (!row->standard)
		return NULL;
	return row->type == SPEC_SECONDS ? json_integer(strtol(row->standard, NULL, 10))
	                                 : json_string(row->standard);
}

json_t *spec_complete(const json_t *settings, enum spec_place place)
{
	json_t *all = json_object();
	for (int i = 0; i < KEYS; i++) {
		const struct spec_row *row = &spec_table[i];
		json_t *v = json_object_get(settings, row->name);
		if (!(row->places & place))
			continue;
		v = v ? json_incref(v) : standard_value(row);
		if (v)
			json_object_set_new(all, row->name, v);
	}
	return all;
}
