#include "config.h"

#include "launcher/configuration/account_keys.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/configuration/certificates_add.h"
#include "launcher/configuration/zone_file.h"

/* The accounts that may serve a certificate, the preferred one first, and whose keys they give. */
struct serving {
	const struct configuration *c;
	const struct config_dns **may; /* of the certificate, or all */
	size_t mays;
	const struct config_dns **at;
	size_t n;
};

static bool is_for_accounts(enum spec_key key)
{
	return spec_table[key].places & SPEC_IN_DNS && spec_table[key].places & SPEC_CERTIFICATE;
}

static const struct given *given_at(const struct config_dns *d, enum spec_key key)
{
	const struct given *g = is_for_accounts(key) ? layer_given(&d->layer, key) : NULL;
	return g && !json_is_null(g->value) ? g : NULL;
}

static bool has_any(const struct configuration *c)
{
	for (size_t i = 0; i < c->dnss; i++)
		for (size_t k = 0; k < c->dns[i].layer.n; k++)
			if (given_at(&c->dns[i], c->dns[i].layer.at[k].key))
				return true;
	return false;
}

static bool lists_zones(const struct config_dns *d)
{
	return d->zone_file || json_object_get(d->settings, spec_name(KEY_ZONE));
}

/* The length of its longest zone that the name lies in, and one more; 0: none. */
static size_t covers(const struct config_dns *d, const char *owner)
{
	const struct zone_line *line = d->zone_file ? zone_file_find(d, owner) : NULL;
	size_t most = line ? strlen(line->zone) + 1 : 0, i;
	json_t *one;
	json_array_foreach(json_object_get(d->settings, spec_name(KEY_ZONE)), i, one)
	{
		const char *zone = json_string_value(one);
		if (strlen(zone) + 1 > most && name_is_below(owner, zone))
			most = strlen(zone) + 1;
	}
	return most;
}

static void add(struct serving *s, const struct config_dns *d)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->at[i] == d)
			return;
	s->at[s->n++] = d;
}

/* Those that list the longest zone, else those that list none: as a run chooses them. */
static void serve(struct serving *s, const char *owner)
{
	size_t most = 0;
	for (size_t i = 0; i < s->mays; i++) {
		size_t n = covers(s->may[i], owner);
		most = n > most ? n : most;
	}
	for (size_t i = 0; i < s->mays; i++)
		if (most ? covers(s->may[i], owner) == most : !lists_zones(s->may[i]))
			add(s, s->may[i]);
}

static void serve_name(struct serving *s, const char *name, size_t n)
{
	size_t star = str_starts(name, "*.") ? 2 : 0;
	char *owner = xasprintf("_acme-challenge.%.*s", (int)(n - star), name + star);
	serve(s, owner);
	free(owner);
}

/* Named, though none lists its zones: a CNAME leads there. */
static void serve_none(struct serving *s)
{
	for (size_t d = 0; !s->n && d < s->mays; d++)
		add(s, s->may[d]);
}

static void choose(struct serving *s, const struct configured *k)
{
	json_t *named = layer_value(k->layer, KEY_DNS), *one;
	size_t i;
	s->mays = s->n = 0;
	json_array_foreach(named, i, one)
	{
		for (size_t d = 0; d < s->c->dnss; d++)
			if (strcmp(s->c->dns[d].name, json_string_value(one)) == 0 && s->mays < s->c->dnss)
				s->may[s->mays++] = &s->c->dns[d];
	}
	for (size_t d = 0; !named && d < s->c->dnss; d++)
		s->may[s->mays++] = &s->c->dns[d];
	for (const char *at = k->names; *at;) {
		size_t n = strcspn(at, " ");
		serve_name(s, at, n);
		at += n + (at[n] == ' ');
	}
	if (named)
		serve_none(s);
	json_decref(named);
}

/* Does the certificate, its list or its line give the key? */
static bool is_given(const struct configuration *c, const struct layer *l, enum spec_key key)
{
	const struct given *g = layer_given(l, key);
	for (size_t i = 0; i < c->defaults.n; i++)
		if (g == &c->defaults.at[i])
			return false;
	return g != NULL;
}

static bool gives(const struct layer *l, const struct given *const *given)
{
	size_t n = 0;
	for (int key = 0; key < KEYS; key++) {
		const struct given *g = given[key] ? layer_given(l, (enum spec_key)key) : NULL;
		if (given[key] && (!g || g->value != given[key]->value))
			return false;
		n += given[key] != NULL;
	}
	return n == l->n;
}

/* The layer that gives these over `below`, which certificates alike share. */
static struct layer *layer_with(struct configuration *c, struct layer *below,
                                const struct given *const *given)
{
	for (struct layer *l = below->over; l; l = l->next)
		if (gives(l, given))
			return l;
	struct layer *l = certificates_layer(c, below);
	l->next = below->over;
	below->over = l;
	for (int key = 0; key < KEYS; key++)
		if (given[key])
			layer_put(l, (enum spec_key)key, given[key]->origin, json_incref(given[key]->value));
	return l;
}

/* What the first that gives the key says. */
static const struct given *given_by(const struct serving *s, enum spec_key key)
{
	const struct given *g = NULL;
	for (size_t i = 0; i < s->n && !g; i++)
		g = given_at(s->at[i], key);
	return g;
}

static void apply(struct configuration *c, struct serving *s, struct configured *k)
{
	const struct given *given[KEYS] = {NULL};
	bool any = false;
	choose(s, k);
	for (int key = 0; key < KEYS; key++) {
		if (!is_for_accounts((enum spec_key)key) || is_given(c, k->layer, (enum spec_key)key))
			continue;
		given[key] = given_by(s, (enum spec_key)key);
		any = any || given[key];
	}
	if (any)
		k->layer = layer_with(c, k->layer, given);
}

static struct serving serving_begin(const struct configuration *c)
{
	return (struct serving){.c = c,
	                        .may = xcalloc(c->dnss + 1, sizeof(struct config_dns *)),
	                        .at = xcalloc(c->dnss + 1, sizeof(struct config_dns *))};
}

void account_keys_apply(struct configuration *c)
{
	if (!has_any(c))
		return;
	struct serving s = serving_begin(c);
	for (size_t i = 0; i < c->n; i++)
		apply(c, &s, &c->at[i]);
	free_all(s.may, s.at);
}

void account_keys_add(const struct configuration *c, const struct strs *accounts, const struct strs *names,
                      json_t *settings)
{
	if (!accounts->n || !has_any(c))
		return;
	struct serving s = serving_begin(c);
	struct layer l = {0};
	for (size_t i = 0; i < accounts->n; i++) {
		const struct config_dns *d = configuration_dns_find(c, accounts->at[i]);
		if (d && s.mays < c->dnss)
			s.may[s.mays++] = d;
	}
	for (size_t i = 0; i < names->n; i++)
		serve_name(&s, names->at[i], strlen(names->at[i]));
	serve_none(&s);
	for (int key = 0; key < KEYS; key++) {
		const struct given *g = given_by(&s, (enum spec_key)key);
		if (g && !json_object_get(settings, spec_name(key)))
			layer_put(&l, (enum spec_key)key, g->origin, json_incref(g->value));
	}
	json_object_update(settings, (json_t *)layer_certificate(&l));
	layer_clear(&l);
	free_all(s.may, s.at);
}
