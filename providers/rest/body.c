#include "config.h"

#include "body.h"

#include <string.h>

#include "template.h"

#define DEEP 32

static json_t *expand(struct run *r, const json_t *written, int deep);

json_t *body_variable(struct run *r, const json_t *name)
{
	const char *text = json_string_value(name);

	if (text && *text != '{')
		text = arena_printf(&r->arena, "{%s}", text);
	return text ? template_json(r, text) : NULL;
}

void body_turn(struct run *r, json_t *item, const char *key, size_t index)
{
	run_set(r, "item", json_incref(item));
	run_set(r, "item_index", json_integer((json_int_t)index));
	if (key)
		run_set_text(r, "item_key", key);
}

static bool each_item(struct run *r, json_t *list, json_t *item, const char *key, const json_t *as, int deep)
{
	json_t *made;

	body_turn(r, item, key, json_array_size(list));
	made = expand(r, as, deep + 1);
	return made && json_array_append_new(list, made) == 0;
}

static json_t *expand_each(struct run *r, const json_t *written, int deep)
{
	json_t *from = body_variable(r, json_object_get(written, "$each")), *list = json_array(), *item;
	const json_t *as = json_object_get(written, "as");
	bool ok = from && as;
	const char *key;
	size_t i;

	if (json_is_object(from))
		json_object_foreach(from, key, item) ok = ok && each_item(r, list, item, key, as, deep);
	else
		json_array_foreach(from, i, item) ok = ok && each_item(r, list, item, NULL, as, deep);
	json_decref(from);
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

static bool is_empty(const json_t *value)
{
	return !value || json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0) ||
	       (json_is_array(value) && json_array_size(value) == 0) ||
	       (json_is_object(value) && json_object_size(value) == 0);
}

/* One member; the result may be that it is left out. */
static bool expand_member(struct run *r, json_t *into, const char *written_key, const json_t *written,
                          int deep)
{
	char *key = template_text(r, written_key, LAND_PLAIN);
	size_t n = key ? strlen(key) : 0;
	bool perhaps = n > 0 && key[n - 1] == '?';
	json_t *value;

	if (!key)
		return false;
	if (perhaps) {
		key[n - 1] = '\0';
		if (json_is_string(written) && !template_ready(r, json_string_value(written)))
			return true;
	}
	value = expand(r, written, deep + 1);
	if (value && perhaps && is_empty(value)) {
		json_decref(value);
		return true;
	}
	return value && json_object_set_new(into, key, value) == 0;
}

static json_t *expand_object(struct run *r, const json_t *written, int deep)
{
	const json_t *copy = json_object_get(written, "$copy");
	json_t *object = copy ? body_variable(r, copy) : json_object();
	void *iter = json_object_iter((json_t *)written);

	if (object && !json_is_object(object)) {
		json_decref(object);
		object = json_object();
	}
	for (; object && iter; iter = json_object_iter_next((json_t *)written, iter)) {
		const char *key = json_object_iter_key(iter);

		if (!strcmp(key, "$copy"))
			continue;
		if (!expand_member(r, object, key, json_object_iter_value(iter), deep)) {
			json_decref(object);
			object = NULL;
		}
	}
	return object;
}

static json_t *expand_array(struct run *r, const json_t *written, int deep)
{
	json_t *list = json_array();
	const json_t *element;
	size_t i;

	json_array_foreach(written, i, element)
	{
		json_t *made = expand(r, element, deep + 1);

		if (!made) {
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, made);
	}
	return list;
}

static json_t *expand(struct run *r, const json_t *written, int deep)
{
	if (deep > DEEP)
		return NULL;
	if (json_is_string(written))
		return template_json(r, json_string_value(written));
	if (json_is_array(written))
		return expand_array(r, written, deep);
	if (!json_is_object(written))
		return json_incref((json_t *)written);
	return json_object_get(written, "$each") ? expand_each(r, written, deep)
	                                         : expand_object(r, written, deep);
}

json_t *body_json(struct run *r, const json_t *written)
{
	return expand(r, written, 0);
}
