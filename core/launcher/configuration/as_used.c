#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/configuration/configuration.h"
#include "launcher/configuration/zone_file.h"
#include "launcher/environment.h"
#include "launcher/literal_secret.h"
#include "launcher/provider_options.h"

#define CHALLENGE "_acme-challenge."

/* All zones of the file whose lines give these values: they are one account. */
static json_t *zones_of(const struct config_dns *d, const struct zone_line *line)
{
	json_t *zones = json_array();
	for (size_t i = 0; i < d->lines; i++)
		if (strcmp(d->line[i].values, line->values) == 0)
			json_array_append_new(zones, json_string(d->line[i].zone));
	return zones;
}

/* `set` as it is written, and what the environment holds for the rest. Secrets themselves are refused. */
static bool fill_set(const struct config_dns *d, json_t *set, struct err *e)
{
	struct strs literal = {0};
	json_t *copy = json_copy(set);
	bool ok = true;
	literal_secrets_drop(copy, d->provider, &literal);
	if (literal.n)
		ok = err_set(
		    e,
		    "DNS account %s: option %s is a secret and stands there itself; write it into a file "
		    "that only you can read, and %s: file:/PATH",
		    d->name, literal.at[0], literal.at[0]);
	json_t *table = ok && d->env ? provider_options(d->provider) : NULL;
	environment_fill(set, table);
	json_decref(table);
	json_decref(copy);
	strs_free(&literal);
	return ok;
}

static void forget_used(struct config_dns *d)
{
	d->used = 0;
	for (size_t i = 0; i < d->lines; i++)
		d->line[i].used = 0;
}

/* line: of its zone file, or NULL. */
static struct dns_account *make_account(const struct config_dns *d, const struct zone_line *line,
                                        struct dns_accounts *accounts, struct err *e)
{
	json_t *settings = json_copy(d->settings);
	json_t *set =
	    line ? zone_file_set(d, line) : json_deep_copy(json_object_get(d->settings, spec_name(KEY_SET)));
	json_object_set_new(settings, spec_name(KEY_SET), set);
	if (line)
		json_object_set_new(settings, spec_name(KEY_ZONE), zones_of(d, line));
	struct dns_account *a = NULL;
	if (fill_set(d, set, e))
		a = dns_accounts_configured(accounts, d->name, d->provider, settings);
	json_decref(settings);
	return a;
}

/* Thousands of certificates use it: it is made once. Its name goes to `names`. */
static bool use_account(struct config_dns *d, struct zone_line *line, struct dns_accounts *accounts,
                        struct strs *names, struct err *e)
{
	uint32_t *used = line ? &line->used : &d->used;
	struct dns_account *a = NULL;
	if (d->used_in == accounts && *used && *used <= accounts->n)
		a = &accounts->at[*used - 1];
	if (!a && !(a = make_account(d, line, accounts, e)))
		return false;
	if (d->used_in != accounts)
		forget_used(d);
	d->used_in = accounts;
	*used = (uint32_t)(a - accounts->at) + 1;
	if (!strs_has(names, a->name))
		strs_add(names, a->name);
	return true;
}

/* Of a zone file, the accounts of the zones that the names lie in. */
static bool use_zone_file(struct config_dns *d, const struct certificate *cert, struct dns_accounts *accounts,
                          struct strs *names, struct err *e)
{
	for (size_t i = 0; i < cert->names.n; i++) {
		const char *name = cert->names.at[i];
		char *owner = xasprintf(CHALLENGE "%s", str_starts(name, "*.") ? name + 2 : name);
		struct zone_line *line = zone_file_find(d, owner);
		free(owner);
		if (line && !use_account(d, line, accounts, names, e))
			return false;
	}
	return true;
}

bool configuration_dns_use(struct config_dns *d, struct certificate *cert, struct dns_accounts *accounts,
                           struct err *e)
{
	return d->zone_file ? use_zone_file(d, cert, accounts, &cert->dns, e)
	                    : use_account(d, NULL, accounts, &cert->dns, e);
}

struct config_dns *configuration_dns_find(const struct configuration *c, const char *name)
{
	for (size_t i = 0; i < c->dnss; i++)
		if (strcmp(c->dns[i].name, name) == 0)
			return &c->dns[i];
	return NULL;
}

/* Those that the certificate names, else all. */
static bool choose_dns(const struct configuration *c, const struct configured *k, struct certificate *cert,
                       struct dns_accounts *accounts, struct err *e)
{
	json_t *named = layer_value(k->layer, KEY_DNS), *one;
	bool ok = true;
	size_t i;
	json_array_foreach(named, i, one)
	{
		struct config_dns *d = configuration_dns_find(c, json_string_value(one));
		ok = ok && d && configuration_dns_use(d, cert, accounts, e);
	}
	for (size_t n = 0; !named && ok && n < c->dnss; n++)
		ok = configuration_dns_use(&c->dns[n], cert, accounts, e);
	json_decref(named);
	if (!ok || cert->dns.n)
		return ok;
	char *where = configuration_where(c, k->origin);
	err_set(e, "%s: certificate %s: no DNS account serves its names, expected one under dns", where,
	        k->id);
	free(where);
	return false;
}

static void take_names(struct strs *to, const char *names)
{
	while (*names) {
		size_t n = strcspn(names, " ");
		char *name = xstrndup(names, n);
		strs_add(to, name);
		free(name);
		names += n + (names[n] == ' ');
	}
}

bool configuration_certificate(const struct configuration *c, const struct configured *k,
                               struct certificate *out, struct dns_accounts *accounts, struct err *e)
{
	*out = (struct certificate){.settings = json_incref((json_t *)layer_certificate(k->layer))};
	if (!json_object_get(out->settings, spec_name(KEY_CA)) && c->ca.n == 1)
		json_object_set_new(out->settings, spec_name(KEY_CA), json_string(c->ca.at[0].name));
	take_names(&out->names, k->names);
	if (json_object_get(out->settings, spec_name(KEY_CA)))
		return choose_dns(c, k, out, accounts, e);
	char *where = configuration_where(c, k->origin);
	err_set(e, "%s: certificate %s: no ca, expected the name of a CA account", where, k->id);
	free(where);
	return false;
}

static void judge(const struct config_dns *d, struct troubles *t)
{
	json_t *set = json_object_get(d->settings, spec_name(KEY_SET)), *v;
	json_t *table = provider_options(d->provider), *option;
	struct strs literal = {0};
	const char *key;
	size_t i;
	json_object_foreach(set, key, v)
	{
		bool known = !json_is_array(table);
		json_array_foreach(table, i, option)
		{
			const char *one = json_string_value(json_object_get(option, "key"));
			known = known || (one && strcmp(one, key) == 0);
		}
		if (!known)
			troubles_add(
			    t, TROUBLE_BROKEN, d->origin.file, d->origin.line,
			    "DNS account %s: provider %s has no option %s; dnsproof providers %s lists "
			    "them",
			    d->name, d->provider, key, d->provider);
	}
	json_t *copy = json_copy(set);
	literal_secrets_drop(copy, d->provider, &literal);
	for (size_t k = 0; k < literal.n; k++)
		troubles_add(
		    t, TROUBLE_BROKEN, d->origin.file, d->origin.line,
		    "DNS account %s: option %s is a secret and stands there itself, expected where it "
		    "comes from: file:/PATH, cred:NAME, env:NAME or cmd:WORDS",
		    d->name, literal.at[k]);
	strs_free(&literal);
	json_decref(copy);
	json_decref(table);
}

void configuration_judge(const struct configuration *c, struct troubles *t)
{
	for (size_t i = 0; i < c->dnss; i++)
		if (c->dns[i].provider)
			judge(&c->dns[i], t);
	troubles_sort(t);
}
