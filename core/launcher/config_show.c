#include "config.h"

#include "launcher/config_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/configuration/yaml_text.h"

#define COMMENT_COLUMN 56

static void line(const char *key, const char *value, const char *comment)
{
	int n = printf("  %s: %s", key, value);
	if (n < COMMENT_COLUMN)
		printf("%*s", COMMENT_COLUMN - n, "");
	printf("  # %s\n", comment);
}

static char *where(const struct configuration *c, const struct given *g)
{
	for (size_t i = 0; g && i < c->defaults.n; i++)
		if (g == &c->defaults.at[i]) {
			char *at = configuration_where(c, g->origin), *text = xasprintf("defaults, %s", at);
			free(at);
			return text;
		}
	return g ? configuration_where(c, g->origin) : xstrdup("standard");
}

/* Those of the configuration, when the certificate names none. */
static json_t *all_dns(const struct configuration *c)
{
	json_t *list = json_array();
	for (size_t i = 0; i < c->dnss; i++)
		json_array_append_new(list, json_string(c->dns[i].name));
	return list;
}

static void show_key(const struct configuration *c, const struct layer *l, enum spec_key key)
{
	const struct given *g = layer_given(l, key);
	json_t *v = layer_value(l, key);
	char *comment = where(c, g);
	if (!g && key == KEY_DNS) {
		v = all_dns(c);
		free(comment);
		comment = xstrdup("all DNS accounts, by their zones");
	} else if (!g && key == KEY_CA && c->ca.n == 1) {
		json_decref(v);
		v = json_string(c->ca.at[0].name);
		free(comment);
		comment = xstrdup("the only CA account");
	}
	if (v || g) {
		char *text = v ? yaml_text(v, false) : xstrdup("none");
		line(spec_name(key), text, comment);
		free(text);
	}
	free(comment);
	json_decref(v);
}

static json_t *names_of(const struct configured *k)
{
	json_t *list = json_array();
	for (const char *at = k->names; *at;) {
		size_t n = strcspn(at, " ");
		json_array_append_new(list, json_stringn(at, n));
		at += n + (at[n] == ' ');
	}
	return list;
}

bool config_show(const struct configuration *c, const char *id)
{
	const struct configured *k = configuration_find(c, id);
	if (!k)
		return false;
	json_t *names = names_of(k);
	char *at = configuration_where(c, k->origin), *text = yaml_text(names, true);
	printf("%s:  # %s\n", k->id, at);
	line("name", text, at);
	for (int i = 0; i < KEYS; i++)
		if (spec_table[i].places & SPEC_IN_CERTIFICATE && i != KEY_NAME)
			show_key(c, k->layer, (enum spec_key)i);
	free(text);
	free(at);
	json_decref(names);
	return true;
}

static void show_account(const struct configuration *c, const char *name, struct origin origin,
                         const char *what)
{
	char *at = configuration_where(c, origin);
	line(name, what, at);
	free(at);
}

static void show_dns(const struct configuration *c, const struct config_dns *d)
{
	const json_t *zones = spec_list(d->settings, KEY_ZONE);
	char *text = zones ? yaml_text(zones, false) : NULL, *whole;
	if (d->zone_file)
		whole = xasprintf("%s, %zu zones of a file", d->provider ? d->provider : "", d->lines);
	else
		whole = xasprintf("%s, %s%s", d->provider ? d->provider : "", zones ? "zone " : "other zones",
		                  zones ? text : "");
	show_account(c, d->name, d->origin, whole);
	free(whole);
	free(text);
}

void config_show_all(const struct configuration *c)
{
	puts("ca:");
	for (size_t i = 0; i < c->ca.n; i++)
		show_account(c, c->ca.at[i].name, c->ca_at[i].origin, c->ca.at[i].directory);
	puts("dns:");
	for (size_t i = 0; i < c->dnss; i++)
		show_dns(c, &c->dns[i]);
	puts("deploy:");
	for (size_t i = 0; i < c->deploys; i++) {
		char *text = yaml_text(json_object_get(c->deploy, c->deploy_at[i].name), false);
		show_account(c, c->deploy_at[i].name, c->deploy_at[i].origin, text);
		free(text);
	}
	puts("certificates:");
	for (size_t i = 0; i < c->n; i++) {
		json_t *names = names_of(&c->at[i]);
		char *text = yaml_text(names, true);
		show_account(c, c->at[i].id, c->at[i].origin, text);
		free(text);
		json_decref(names);
	}
}
