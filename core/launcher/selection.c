#include "config.h"

#include "launcher/selection.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "launcher/ca_account.h"
#include "launcher/jsonfile.h"

bool selection_is_given(const struct options *o)
{
	return o->names.n || o->dnss || json_object_get(o->certificate, spec_name(KEY_CA)) ||
	       json_object_get(o->run, spec_name(KEY_EXPIRING));
}

/* ID, else glob of IDs or name; letter case does not matter. */
static bool word_means(const struct certificates *all, const struct known_certificate *c, const char *word)
{
	struct err ignored;
	char *lower = xstrdup(word), *name = name_normalise(word, &ignored);
	for (char *at = lower; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	const struct known_certificate *exact = certificates_find(all, lower);
	bool means =
	    exact ? exact == c : fnmatch(lower, c->id, 0) == 0 || (name && strs_has(&c->cert.names, name));
	free(name);
	free(lower);
	return means;
}

static bool account_is(const struct selection *s, const char *account, const char *typed)
{
	const struct dns_account *a = dns_accounts_find(s->accounts, account);
	return strcmp(account, typed) == 0 || (a && strcmp(a->provider, typed) == 0);
}

static bool dns_fits(const struct selection *s, const struct certificates *all,
                     const struct known_certificate *c, const char *typed)
{
	(void)all;
	for (size_t i = 0; i < c->cert.dns.n; i++)
		if (account_is(s, c->cert.dns.at[i], typed))
			return true;
	return false;
}

static bool uses_ca(const struct known_certificate *c, const char *typed)
{
	const char *ca = spec_text(c->cert.settings, KEY_CA);
	char *name = NULL, *directory = NULL;
	struct err ignored;
	bool uses = strcmp(ca, typed) == 0 ||
	            (ca_account_name(typed, &name, &directory, &ignored) && strcmp(name, ca) == 0);
	free(name);
	free(directory);
	return uses;
}

/* What has no certificate is nearer to its end than all others. */
static bool expires_within(const struct selection *s, const struct known_certificate *c, unsigned seconds)
{
	char *live = xasprintf("%s/certs/%s/live", s->state, c->id);
	struct err ignored;
	json_t *meta = jsonfile_read(live, "meta.json", &ignored);
	json_int_t until = json_integer_value(json_object_get(meta, "not_after"));
	json_decref(meta);
	free(live);
	return until <= time(NULL) + (json_int_t)seconds;
}

/* One thing that was typed: it narrows the choice, and must mean something by itself. */
typedef bool means_fn(const struct selection *s, const struct certificates *all,
                      const struct known_certificate *c, const char *typed);

static bool word_fits(const struct selection *s, const struct certificates *all,
                      const struct known_certificate *c, const char *typed)
{
	(void)s;
	return word_means(all, c, typed);
}

static bool ca_fits(const struct selection *s, const struct certificates *all,
                    const struct known_certificate *c, const char *typed)
{
	(void)s;
	(void)all;
	return uses_ca(c, typed);
}

static void mark(const struct selection *s, const struct certificates *all, means_fn *fn, const char *typed,
                 bool *marks, bool *any)
{
	for (size_t i = 0; i < all->n; i++)
		if (fn(s, all, &all->at[i], typed))
			marks[i] = *any = true;
}

static void keep(bool *chosen, const bool *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		chosen[i] = chosen[i] && marks[i];
}

static bool narrow(const struct selection *s, const struct certificates *all, means_fn *fn,
                   const char *const *typed, size_t n, const char *what, bool *chosen, struct err *e)
{
	bool *marks = xcalloc(all->n + 1, sizeof *marks), ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		bool any = false;
		mark(s, all, fn, typed[i], marks, &any);
		ok = any || err_set(e, "no certificate %s %s; those that are known: ls %s/issued", what,
		                    typed[i], s->state);
	}
	keep(chosen, marks, ok ? all->n : 0);
	free(marks);
	return ok;
}

static bool narrow_by_accounts(const struct selection *s, const struct certificates *all, bool *chosen,
                               struct err *e)
{
	const struct options *o = s->options;
	const char *ca = json_string_value(json_object_get(o->certificate, spec_name(KEY_CA)));
	const char **dns = xcalloc(o->dnss + 1, sizeof *dns);
	for (size_t i = 0; i < o->dnss; i++)
		dns[i] = o->dns[i].provider;
	bool ok = (!o->dnss || narrow(s, all, dns_fits, dns, o->dnss, "uses the DNS account", chosen, e)) &&
	          (!ca || narrow(s, all, ca_fits, &ca, 1, "uses the CA account", chosen, e));
	free(dns);
	return ok;
}

static void narrow_by_end(const struct selection *s, const struct certificates *all, bool *chosen)
{
	if (!json_object_get(s->options->run, spec_name(KEY_EXPIRING)))
		return;
	unsigned seconds = spec_number(s->options->run, KEY_EXPIRING);
	for (size_t i = 0; i < all->n; i++)
		chosen[i] = chosen[i] && expires_within(s, &all->at[i], seconds);
}

bool selection_make(const struct selection *s, const struct certificates *all, size_t **at, size_t *n,
                    struct err *e)
{
	const struct strs *words = &s->options->names;
	bool *chosen = xcalloc(all->n + 1, sizeof *chosen);
	*at = xcalloc(all->n + 1, sizeof **at);
	*n = 0;
	for (size_t i = 0; i < all->n; i++)
		chosen[i] = true;
	bool ok = (!words->n || narrow(s, all, word_fits, (const char *const *)words->at, words->n,
	                               "has the ID or name", chosen, e)) &&
	          narrow_by_accounts(s, all, chosen, e);
	if (ok)
		narrow_by_end(s, all, chosen);
	for (size_t i = 0; ok && i < all->n; i++)
		if (chosen[i])
			(*at)[(*n)++] = i;
	free(chosen);
	return ok;
}
