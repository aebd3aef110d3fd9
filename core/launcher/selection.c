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
#include "launcher/report.h"
#include "launcher/strings.h"

bool selection_is_given(const struct options *o)
{
	return o->names.n || o->dnss || json_object_get(o->certificate, spec_name(KEY_CA)) ||
	       json_object_get(o->run, spec_name(KEY_EXPIRING)) || spec_yes(o->run, KEY_FAILED);
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

static bool dns_fits(const struct selection *s, const struct known_certificate *c, const char *typed)
{
	bool named = configuration_dns_find(&s->i->conf, typed), fits = false;
	for (size_t i = 0; !fits && i < c->cert.dns.n; i++) {
		const struct dns_account *a = dns_accounts_find(&s->i->accounts, c->cert.dns.at[i]);
		fits = dns_account_is(c->cert.dns.at[i], typed) ||
		       (!named && a && strcmp(a->provider, typed) == 0);
	}
	return fits;
}

static bool ca_fits(const struct selection *s, const struct known_certificate *c, const char *typed)
{
	const char *ca = spec_text(c->cert.settings, KEY_CA);
	const struct ca_account *a = ca_accounts_find(&s->i->ca_accounts, ca);
	char *name = NULL, *directory = NULL;
	struct err ignored;
	bool fits = strcmp(ca, typed) == 0;
	if (!fits && !ca_accounts_find(&s->i->conf.ca, typed) &&
	    ca_account_name(typed, &name, &directory, &ignored))
		fits = strcmp(name, ca) == 0 || (a && strcmp(a->directory, directory) == 0);
	free_all(name, directory);
	return fits;
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
typedef bool means_fn(const struct selection *s, const struct known_certificate *c, const char *typed);

static bool word_fits(const struct selection *s, const struct known_certificate *c, const char *typed)
{
	return word_means(&s->i->all, c, typed);
}

static void mark(const struct selection *s, means_fn *fn, const char *typed, bool *marks, bool *any)
{
	for (size_t i = 0; i < s->i->all.n; i++)
		if (fn(s, &s->i->all.at[i], typed))
			marks[i] = *any = true;
}

static void keep(bool *chosen, const bool *marks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		chosen[i] = chosen[i] && marks[i];
}

static bool narrow(const struct selection *s, means_fn *fn, const char *const *typed, size_t n,
                   const char *what, bool *chosen, struct err *e)
{
	size_t all = s->i->all.n;
	bool *marks = xcalloc(all + 1, sizeof *marks), ok = true;
	for (size_t i = 0; ok && i < n; i++) {
		bool any = false;
		mark(s, fn, typed[i], marks, &any);
		ok = any ||
		     err_set(e, "no certificate %s %s; dnsproof status --all lists them", what, typed[i]);
	}
	keep(chosen, marks, ok ? all : 0);
	free(marks);
	return ok;
}

static bool narrow_by_accounts(const struct selection *s, bool *chosen, struct err *e)
{
	const struct options *o = s->options;
	const char *ca = json_string_value(json_object_get(o->certificate, spec_name(KEY_CA)));
	const char **dns = xcalloc(o->dnss + 1, sizeof *dns);
	for (size_t i = 0; i < o->dnss; i++)
		dns[i] = o->dns[i].provider;
	bool ok = (!o->dnss || narrow(s, dns_fits, dns, o->dnss, "uses the DNS account", chosen, e)) &&
	          (!ca || narrow(s, ca_fits, &ca, 1, "uses the CA account", chosen, e));
	free(dns);
	return ok;
}

static void narrow_by_end(const struct selection *s, bool *chosen)
{
	if (!json_object_get(s->options->run, spec_name(KEY_EXPIRING)))
		return;
	unsigned seconds = spec_number(s->options->run, KEY_EXPIRING);
	for (size_t i = 0; i < s->i->all.n; i++)
		chosen[i] = chosen[i] && expires_within(s, &s->i->all.at[i], seconds);
}

static void take_failing(void *ids, const char *kind, json_t *row)
{
	(void)kind;
	strs_add(ids, strings_at(row, 0));
}

/* Both are sorted by ID. */
static void keep_failed(const struct certificates *all, const struct strs *failed, bool *chosen)
{
	for (size_t i = 0, f = 0; i < all->n; i++) {
		int order = -1;
		while (f < failed->n && (order = strcmp(failed->at[f], all->at[i].id)) < 0)
			f++;
		chosen[i] = chosen[i] && order == 0;
	}
}

static bool narrow_by_failure(const struct selection *s, bool *chosen, struct err *e)
{
	struct strs failed = {0};
	if (!spec_yes(s->options->run, KEY_FAILED))
		return true;
	const struct report_question q = {.state = s->state, .only = "failing"};
	bool ok = report_read(&q, take_failing, &failed, e);
	if (ok)
		keep_failed(&s->i->all, &failed, chosen);
	strs_free(&failed);
	return ok;
}

bool selection_make(const struct selection *s, size_t **at, size_t *n, struct err *e)
{
	const struct strs *words = &s->options->names;
	size_t all = s->i->all.n;
	bool *chosen = xcalloc(all + 1, sizeof *chosen);
	*at = xcalloc(all + 1, sizeof **at);
	*n = 0;
	for (size_t i = 0; i < all; i++)
		chosen[i] = true;
	bool ok = (!words->n || narrow(s, word_fits, (const char *const *)words->at, words->n,
	                               "has the ID or name", chosen, e)) &&
	          narrow_by_accounts(s, chosen, e) && narrow_by_failure(s, chosen, e);
	if (ok)
		narrow_by_end(s, chosen);
	for (size_t i = 0; ok && i < all; i++)
		if (chosen[i])
			(*at)[(*n)++] = i;
	free(chosen);
	return ok;
}
