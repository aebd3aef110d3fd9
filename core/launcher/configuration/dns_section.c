#include "config.h"

#include "launcher/configuration/dns_section.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/configuration/connection_keys.h"
#include "launcher/configuration/shape.h"
#include "launcher/configuration/value.h"
#include "launcher/configuration/zone_file.h"
#include "launcher/names.h"
#include "launcher/provider_options.h"
#include "launcher/secret.h"

#define WORD_SET "abcdefghijklmnopqrstuvwxyz0123456789_"

struct account {
	const struct scope *s;
	const struct yaml_node *map;
	struct config_dns d;
	char *zone_file; /* path; NULL */
	bool wrong;
};

static bool wrong(struct account *a, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(struct account *a, unsigned line, const char *format, ...)
{
	char text[600];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	troubles_add(a->s->t, TROUBLE_BROKEN, a->s->file, line, "%s", text);
	a->wrong = true;
	return false;
}

static bool has_option(const json_t *table, const char *name)
{
	const json_t *option;
	size_t i;
	json_array_foreach((json_t *)table, i, option)
	{
		const char *key = json_string_value(json_object_get(option, "key"));
		if (key && strcmp(key, name) == 0)
			return true;
	}
	return false;
}

/* An option of the provider where a key of ours should be. */
static bool take_misplaced(struct account *a, const struct yaml_node *v)
{
	const struct yaml_node *provider = yaml_member(a->map, spec_name(KEY_PROVIDER));
	const char *near = spec_nearest_key(v->key, SPEC_IN_DNS);
	bool named = provider && provider->kind == YAML_IS_TEXT;
	json_t *table = named ? provider_options(provider->text) : NULL;
	bool found = named && has_option(table, v->key), alike = near != NULL;
	bool elsewhere = spec_find(v->key, SPEC_IN_CERTIFICATE | SPEC_IN_CA) >= 0;
	json_decref(table);
	if (found)
		wrong(a, v->key_line, "%s is an option of provider %s, expected it under set: set: {%s: ...}",
		      v->key, provider->text, v->key);
	else if (!alike && !elsewhere)
		wrong(a, v->key_line,
		      "%.60s is no key of a DNS account; an option of the provider stands under set: set: "
		      "{%.60s: "
		      "...}",
		      v->key, v->key);
	return found || (!alike && !elsewhere);
}

static void add_words(struct config_dns *d, const char *text)
{
	for (const char *at = text; (at = strchr(at, '{')); at++) {
		size_t n = strspn(at + 1, WORD_SET);
		if (!n || at[n + 1] != '}')
			continue;
		char *word = xstrndup(at + 1, n);
		if (!strs_has(&d->words, word))
			strs_add(&d->words, word);
		free(word);
	}
}

static void take_option(struct account *a, const struct yaml_node *v)
{
	const char *text = shape_text(a->s, v->key, v);
	if (v->key[strspn(v->key, WORD_SET)] || !*v->key)
		wrong(a, v->key_line, "set: '%.80s', expected the key of an option (a-z, 0-9, _)", v->key);
	else if (text && !*text)
		wrong(a, v->line, "set: %s: nothing, expected a value", v->key);
	else if (text && str_starts(text, "fd:") && secret_is_source(text))
		wrong(a, v->line,
		      "set: %s: fd: is for the command line, expected file:PATH, cred:NAME, env:NAME or "
		      "cmd:WORDS",
		      v->key);
	else if (text && str_starts(text, "file:") && text[5] != '/')
		wrong(a, v->line, "set: '%.80s', expected an absolute path: file:/PATH", text);
	else if (text) {
		json_object_set_new(json_object_get(a->d.settings, spec_name(KEY_SET)), v->key,
		                    json_string(text));
		add_words(&a->d, text);
	} else
		a->wrong = true;
}

static void take_set(struct account *a, const struct yaml_node *v)
{
	if (!shape_is_map(a->s, "set", v)) {
		a->wrong = true;
		return;
	}
	for (const struct yaml_node *one = v->child; one; one = one->next)
		take_option(a, one);
}

struct zones {
	struct account *a;
	json_t *list;
	unsigned line;
};

static bool take_zone_name(void *who, const char *word)
{
	struct zones *z = who;
	struct err e;
	char *zone = names_pattern(word, false, &e);
	if (!zone)
		return wrong(z->a, z->line,
		             "zone: '%.80s', expected a zone name in ASCII (A-labels), or file:/PATH", word);
	json_array_append_new(z->list, json_string(zone));
	free(zone);
	return true;
}

static void take_zones(struct account *a, const struct yaml_node *v)
{
	struct zones z = {a, json_array(), v->line};
	if (v->kind == YAML_IS_TEXT) {
		if (!*v->text)
			wrong(a, v->line, "zone: nothing, expected zone names");
		shape_words(v->text, " \t\r\n", take_zone_name, &z);
	} else {
		for (const struct yaml_node *one = v->child; one; one = one->next) {
			const char *text = shape_text(a->s, "zone", one);
			z.line = one->line;
			if (text)
				take_zone_name(&z, text);
		}
	}
	json_object_set_new(a->d.settings, spec_name(KEY_ZONE), z.list);
}

static void take_zone(struct account *a, const struct yaml_node *v)
{
	layer_put(&a->d.layer, KEY_ZONE, scope_origin(a->s, v->key_line), json_null());
	if (v->kind == YAML_IS_MAP) {
		shape_text(a->s, "zone", v);
		a->wrong = true;
	} else if (v->kind == YAML_IS_TEXT && str_starts(v->text, "file:")) {
		a->d.zone_file = true;
		if (v->text[5] == '/')
			a->zone_file = xstrdup(v->text + strlen("file:"));
		else
			wrong(a, v->line, "zone: '%.80s', expected an absolute path: file:/PATH", v->text);
	} else if (!(v->kind == YAML_IS_TEXT && strcmp(v->text, "none") == 0)) {
		take_zones(a, v);
	}
}

static bool take_rest(void *who, enum spec_key key, const struct yaml_node *v)
{
	struct account *a = who;
	if (key == KEYS)
		return take_misplaced(a, v);
	if (key == KEY_SET) {
		layer_put(&a->d.layer, KEY_SET, scope_origin(a->s, v->key_line), json_null());
		take_set(a, v);
		return true;
	}
	if (key == KEY_ZONE)
		take_zone(a, v);
	return key == KEY_ZONE;
}

/* What a provider takes as an option of its own. */
static bool is_option(enum spec_key key)
{
	return key == KEY_PROXY || key == KEY_SOURCE_ADDRESS || key == KEY_ADDRESS_FAMILY;
}

/* What the layer holds, put where the run looks for it. */
static void settle(struct account *a)
{
	const struct layer *l = &a->d.layer;
	json_t *set = json_object_get(a->d.settings, spec_name(KEY_SET));
	for (size_t i = 0; i < l->n; i++) {
		const struct given *g = &l->at[i];
		if (json_is_null(g->value))
			continue;
		if (g->key == KEY_PROVIDER)
			a->d.provider = xstrdup(json_string_value(g->value));
		else if (g->key == KEY_ENV)
			a->d.env = json_is_true(g->value);
		else if (is_option(g->key) && !json_object_get(set, spec_name(g->key)))
			json_object_set(set, spec_name(g->key), g->value);
		else if (spec_table[g->key].places & SPEC_DNS_ACCOUNT &&
		         !(spec_table[g->key].type == SPEC_YES && !json_is_true(g->value)))
			json_object_set(a->d.settings, spec_name(g->key), g->value);
	}
}

static void add(struct account *a)
{
	struct configuration *c = a->s->c;
	c->dns = xgrow(c->dns, c->dnss, sizeof *c->dns);
	struct config_dns *d = &c->dns[c->dnss++];
	*d = a->d;
	a->d = (struct config_dns){0};
	if (d->zone_file)
		strs_sort(&d->words);
	if (d->zone_file && a->zone_file)
		zone_file_read(a->s, d, a->zone_file);
}

void dns_section_take(const struct scope *s, const struct yaml_node *v)
{
	struct account a = {.s = s, .map = v};
	if (!shape_is_name(s, v->key_line, "a DNS account", v->key) || !shape_is_map(s, v->key, v))
		return;
	a.d = (struct config_dns){.name = xstrdup(v->key),
	                          .settings = json_pack("{s:{}}", spec_name(KEY_SET)),
	                          .origin = scope_origin(s, v->key_line)};
	value_keys(s, "a DNS account", SPEC_IN_DNS, v, &a.d.layer, take_rest, &a);
	connection_keys_judge(s, &a.d.layer);
	settle(&a);
	if (!a.d.provider && !layer_given(&a.d.layer, KEY_PROVIDER) &&
	    !yaml_member(v, spec_name(KEY_PROVIDER)))
		wrong(&a, v->key_line,
		      "DNS account %s: no provider, expected provider: NAME; dnsproof providers "
		      "lists them",
		      v->key);
	add(&a);
	free(a.zone_file);
}
