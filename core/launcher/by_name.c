#include "config.h"

#include "launcher/by_name.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/configuration/account_keys.h"
#include "launcher/events.h"

static bool refuse(const struct by_name *b, const char *option, const char *what, const char *name,
                   struct origin at, struct err *e)
{
	char *where = configuration_where(b->conf, at);
	err_set(e, "%s: %s account %s is configured (%s); change it there", option, what, name, where);
	free(where);
	return false;
}

static bool has_options(const json_t *given)
{
	return json_object_size(given) > 0;
}

static char *first_option(const json_t *given)
{
	int key = 0;
	while (key + 1 < KEYS && !json_object_get(given, spec_name(key)))
		key++;
	return spec_option((enum spec_key)key);
}

static bool is_right(const struct by_name *b, const char *what, const char *name, struct err *e)
{
	return b->right || err_set(e,
	                           "%s account %s is configured, but the configuration is wrong, and none "
	                           "was right before",
	                           what, name);
}

struct ca_account *by_name_ca(const struct by_name *b, const char *name, const json_t *given, struct err *e)
{
	const struct ca_account *wanted = ca_accounts_find(&b->conf->ca, name);
	e->text[0] = '\0';
	if (!wanted || !is_right(b, "CA", name, e))
		return NULL;
	if (!has_options(given))
		return ca_accounts_take(b->cas, wanted, e);
	char *option = first_option(given);
	refuse(b, option, "CA", name, b->conf->ca_at[wanted - b->conf->ca.at].origin, e);
	free(option);
	return NULL;
}

static bool refuse_dns(const struct by_name *b, const struct config_dns *d, const json_t *given,
                       struct err *e)
{
	char *option = first_option(given);
	refuse(b, option, "DNS", d->name, d->origin, e);
	free(option);
	return false;
}

bool by_name_dns(const struct by_name *b, const struct dns_choice *c, struct certificate *out, struct err *e)
{
	struct config_dns *d = configuration_dns_find(b->conf, c->provider);
	e->text[0] = '\0';
	if (!d || !is_right(b, "DNS", d->name, e))
		return false;
	if (has_options(c->set))
		return refuse(b, "--set", "DNS", d->name, d->origin, e);
	if (has_options(c->settings))
		return refuse_dns(b, d, c->settings, e);
	if (!strs_has(&out->configured_dns, d->name))
		strs_add(&out->configured_dns, d->name);
	return configuration_dns_use(d, out, b->dns, e);
}

bool by_name_dns_free(const struct by_name *b, const struct strs *names, const json_t *given, struct err *e)
{
	const struct config_dns *d = NULL;
	for (size_t i = 0; has_options(given) && !d && i < names->n; i++)
		d = configuration_dns_find(b->conf, names->at[i]);
	return !d || refuse_dns(b, d, given, e);
}

static void add_once(struct strs *to, const char *text)
{
	if (!strs_has(to, text))
		strs_add(to, text);
}

/* In the place of what was used of d. */
static bool follow_one(const struct by_name *b, const char *name, struct certificate *c, struct strs *done,
                       struct err *e)
{
	struct config_dns *d = configuration_dns_find(b->conf, name);
	if (!d || strs_has(done, name))
		return true;
	strs_add(done, name);
	return configuration_dns_use(d, c, b->dns, e);
}

bool by_name_follow_dns(const struct by_name *b, struct certificate *c, struct strs *left, struct err *e)
{
	struct strs used = c->dns, done = {0};
	bool ok = true;
	if (!b->right)
		return true;
	c->dns = (struct strs){0};
	for (size_t i = 0; ok && i < used.n; i++) {
		char *name = dns_account_label(used.at[i]);
		if (strs_has(&c->configured_dns, name) && configuration_dns_find(b->conf, name))
			ok = follow_one(b, name, c, &done, e);
		else
			add_once(&c->dns, used.at[i]);
		free(name);
	}
	for (size_t i = 0; ok && i < c->configured_dns.n; i++) {
		ok = follow_one(b, c->configured_dns.at[i], c, &done, e);
		if (!configuration_dns_find(b->conf, c->configured_dns.at[i]))
			add_once(left, c->configured_dns.at[i]);
	}
	if (ok && c->configured_dns.n && !c->dns.n)
		ok = err_set(e, "no zone of DNS account %s is for its names any more",
		             c->configured_dns.at[0]);
	strs_free(&done);
	strs_free(&used);
	return ok;
}

bool by_name_follow_ca(const struct by_name *b, const struct certificate *c, struct strs *left, struct err *e)
{
	for (size_t i = 0; b->right && i < c->configured_ca.n; i++) {
		const char *name = c->configured_ca.at[i];
		const struct ca_account *wanted = ca_accounts_find(&b->conf->ca, name);
		if (!wanted)
			add_once(left, name);
		else if (!ca_accounts_take(b->cas, wanted, e))
			return false;
	}
	return true;
}

void by_name_tell_left(const char *what, const struct strs *left)
{
	for (size_t i = 0; i < left->n; i++)
		events_say(
		    SAY_WARN, "config",
		    "%s account %s is not in the configuration any more; certificates that dnsproof issue "
		    "made with it go on with it as it was used last",
		    what, left->at[i]);
}

struct left {
	struct strs ca, dns;
};

static bool follow(const struct by_name *b, struct known_certificate *k, struct left *left, struct err *e)
{
	if (!b->right)
		return true;
	if (by_name_follow_ca(b, &k->cert, &left->ca, e) && by_name_follow_dns(b, &k->cert, &left->dns, e)) {
		account_keys_add(b->conf, &k->cert.configured_dns, &k->cert.names, k->cert.settings);
		return true;
	}
	return err_prefix(e, "certificate %s", k->id);
}

void by_name_follow(const struct by_name *b, struct certificates *all, struct strs *damaged)
{
	struct left left = {0};
	size_t kept = 0;
	for (size_t i = 0; i < all->n; i++) {
		struct known_certificate *k = &all->at[i];
		struct err e;
		if (!(k->cert.configured_ca.n + k->cert.configured_dns.n) || follow(b, k, &left, &e)) {
			all->at[kept++] = *k;
			continue;
		}
		strs_add(damaged, e.text);
		free(k->id);
		certificate_free(&k->cert);
	}
	all->n = kept;
	by_name_tell_left("CA", &left.ca);
	by_name_tell_left("DNS", &left.dns);
	strs_free(&left.ca);
	strs_free(&left.dns);
}
