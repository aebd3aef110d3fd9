#include "config.h"

#include "responder/tell.h"

#include <string.h>

#include "common/mem.h"
#include "common/str.h"

enum { TTL_MOST = 86400 };

static const char *text_of(const json_t *request, const char *key)
{
	const char *text = json_string_value(json_object_get(request, key));

	return text ? text : "";
}

static json_t *not_served(const char *name)
{
	char *msg = xasprintf("this responder does not answer for %s", name);
	json_t *answer = json_pack("{s:s,s:s}", "rc", "nozone", "msg", msg);

	free(msg);
	return answer;
}

static json_t *result_of(enum table_result result, const char *name)
{
	if (result == TABLE_NOT_SERVED)
		return not_served(name);
	if (result == TABLE_FULL)
		return json_pack("{s:s,s:s}", "rc", "invalid", "msg", "the responder holds no more values");
	return json_pack("{s:s}", "rc", "ok");
}

static json_t *values_of(const struct authority *who, const struct name *name, const char *text)
{
	json_t *values = json_array();
	struct spot spot;

	table_find(who->table, name, &spot);
	for (size_t i = 0; i < spot.values; i++)
		json_array_append_new(values, json_stringn(spot.value[i].text, VALUE_LENGTH));
	if (spot.served)
		return json_pack("{s:s,s:o}", "rc", "ok", "values", values);
	json_decref(values);
	return not_served(text);
}

static json_t *invalid(const char *msg)
{
	return json_pack("{s:s,s:s}", "rc", "invalid", "msg", msg);
}

static json_t *change(struct authority *who, const json_t *request, const struct name *name, const char *text)
{
	const char *value = text_of(request, "value");
	json_int_t ttl = json_integer_value(json_object_get(request, "ttl"));

	if (!str_is_b64url(value, VALUE_LENGTH, VALUE_LENGTH))
		return invalid("a value is 43 characters of base64url");
	if (strcmp(text_of(request, "op"), "del") == 0) {
		table_del(who->table, name, value);
		return json_pack("{s:s}", "rc", "ok"); /* also where we do not answer: nothing is there */
	}
	ttl = ttl < 0 ? 0 : ttl > TTL_MOST ? TTL_MOST : ttl;
	return result_of(table_add(who->table, name, value, (uint32_t)ttl), text);
}

static json_t *answer_to(struct authority *who, const json_t *request)
{
	const char *op = text_of(request, "op"), *text = text_of(request, "name"),
	           *zone = text_of(request, "zone");
	bool changes = strcmp(op, "add") == 0 || strcmp(op, "del") == 0;
	struct name name, apex;
	struct spot spot;

	if (!changes && strcmp(op, "list") != 0)
		return invalid("unknown op");
	if (!name_from_text(&name, text) || !name_from_text(&apex, zone) || !name_within(&name, &apex))
		return invalid("name and zone: not a name in the zone");
	table_find(who->table, &apex, &spot);
	if (!spot.served && strcmp(op, "del") != 0)
		return not_served(zone);
	return changes ? change(who, request, &name, text) : values_of(who, &name, text);
}

json_t *tell_answer(struct authority *who, const json_t *request)
{
	json_t *answer = answer_to(who, request), *id = json_object_get(request, "id");

	if (id)
		json_object_set(answer, "id", id);
	return answer;
}
