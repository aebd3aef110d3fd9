#include "config.h"

#include "launcher/configuration/layer.h"

#include <stdlib.h>

#include "common/mem.h"
#include "launcher/setting.h"

static struct given *given_here(const struct layer *l, enum spec_key key)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->at[i].key == key)
			return &l->at[i];
	return NULL;
}

void layer_put(struct layer *l, enum spec_key key, struct origin origin, json_t *value)
{
	struct given *g = given_here(l, key);
	if (!g) {
		l->at = xgrow(l->at, l->n, sizeof *l->at);
		g = &l->at[l->n++];
		g->value = NULL;
	}
	json_decref(g->value);
	*g = (struct given){key, origin, value};
}

void layer_clear(struct layer *l)
{
	for (size_t i = 0; i < l->n; i++)
		json_decref(l->at[i].value);
	free(l->at);
	json_decref(l->settings);
	*l = (struct layer){0};
}

const struct given *layer_given(const struct layer *l, enum spec_key key)
{
	const struct given *g = NULL;
	for (; l && !g; l = l->below)
		g = given_here(l, key);
	return g;
}

static json_t *standard(enum spec_key key)
{
	const struct spec_row *row = &spec_table[key];
	if (!row->standard)
		return NULL;
	return row->type == SPEC_SECONDS ? json_integer(strtol(row->standard, NULL, 10))
	                                 : json_string(row->standard);
}

static void append(json_t *list, json_t *v)
{
	json_t *one;
	size_t i;
	if (json_is_array(v))
		json_array_foreach(v, i, one) json_array_append(list, one);
	else if (v)
		json_array_append(list, v);
}

/* `defaults` is what would hold without this list. */
static json_t *list_of(const struct layer *l, enum spec_key key, const json_t *given)
{
	json_t *list = json_array(), *v;
	size_t i;
	json_array_foreach(given, i, v)
	{
		json_t *below = json_is_null(v) ? layer_value(l->below, key) : NULL;
		append(list, json_is_null(v) ? below : v);
		json_decref(below);
	}
	return list;
}

json_t *layer_value(const struct layer *l, enum spec_key key)
{
	const struct given *g = NULL;
	for (; l && !(g = given_here(l, key)); l = l->below)
		;
	if (!g)
		return standard(key);
	if (json_is_null(g->value))
		return NULL;
	return json_is_array(g->value) ? list_of(l, key, g->value) : json_incref(g->value);
}

const json_t *layer_certificate(struct layer *l)
{
	if (l->settings)
		return l->settings;
	l->settings = json_object();
	for (int i = 0; i < KEYS; i++) {
		const struct spec_row *row = &spec_table[i];
		if (!(row->places & SPEC_CERTIFICATE) || !layer_given(l, (enum spec_key)i))
			continue;
		json_t *v = layer_value(l, (enum spec_key)i);
		if (json_is_array(v) && !row->many)
			v = setting_list_fit((enum spec_key)i, v);
		if (v)
			json_object_set_new(l->settings, row->name, v);
	}
	return l->settings;
}
