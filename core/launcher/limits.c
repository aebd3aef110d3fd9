#include "config.h"

#include "launcher/limits.h"

#include <stdlib.h>
#include <string.h>

#include "common/spec/spec.h"
#include "launcher/ca_preset.h"
#include "launcher/setting.h"

#define DIGITS_MOST 8

json_t *limit_pair(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	struct err ignored;
	if (!digits || digits > DIGITS_MOST || text[digits] != '/' || strtoul(text, NULL, 10) == 0)
		return NULL;
	/* Up to a day, and from a day on. */
	json_t *time = setting_value(KEY_CACHE, text + digits + 1, &ignored);
	if (!time)
		time = setting_value(KEY_PARK_AFTER, text + digits + 1, &ignored);
	if (!time || json_integer_value(time) == 0) {
		json_decref(time);
		return NULL;
	}
	return json_pack("[I, o]", (json_int_t)strtoul(text, NULL, 10), time);
}

static void add(json_t *limits, const char *name, const char *text)
{
	json_t *pair = text ? limit_pair(text) : NULL;
	if (pair)
		json_object_set_new(limits, name, pair);
}

json_t *limits_of(const struct ca_account *a)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	json_t *limits = json_object(), *v;
	const char *name;
	if (preset) {
		add(limits, "new_orders", preset->limits.new_orders);
		add(limits, "exact_sets", preset->limits.exact_sets);
		add(limits, "failed_validations", preset->limits.failed_validations);
		add(limits, "registrations", preset->limits.registrations);
	}
	json_object_foreach(a->limits, name, v) add(limits, name, json_string_value(v));
	return limits;
}

struct bucket_limit limits_new_orders(const struct ca_account *a)
{
	json_t *all = limits_of(a);
	const json_t *pair = json_object_get(all, "new_orders");
	const struct bucket_limit limit = {(unsigned)json_integer_value(json_array_get(pair, 0)),
	                                   (unsigned)json_integer_value(json_array_get(pair, 1))};
	json_decref(all);
	return limit;
}

bool limits_exempt_renewals(const struct ca_account *a)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	return preset && preset->renewals_exempt;
}
