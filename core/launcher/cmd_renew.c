#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/ca_staging.h"
#include "launcher/certificates_configured.h"
#include "launcher/certificates_index.h"
#include "launcher/cmd.h"
#include "launcher/dry_run.h"
#include "launcher/events.h"
#include "launcher/indexed.h"
#include "launcher/inventory.h"
#include "launcher/options.h"
#include "launcher/revoke.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/selection.h"
#include "launcher/state.h"

struct renewal {
	struct options o;
	char *state, *configuration; /* paths */
	struct inventory i;
	char *digest;   /* of the index */
	bool dry;       /* --dry-run */
	size_t untried; /* certificates of a dry run whose CA has no staging environment that is known */
	struct strs cas, staging; /* CA accounts, and the names of their staging accounts; "": none */
	struct job job;
	struct job_certificate *cert; /* of the job */
	struct revocations owed;      /* some wait for another certificate */
};

/* 2 only where nothing could begin; a damaged certificate alone is 1 as long as others are well. */
static enum exit_code code_of(const struct renewal *w, enum exit_code code)
{
	const struct inventory *i = &w->i;
	if (i->loaded.broken)
		return EXIT_USAGE;
	if (!(i->damaged || i->loaded.lines) || (code != EXIT_DONE && code != EXIT_OWED))
		return code;
	return i->all.n || i->loaded.lines ? EXIT_FAILED : EXIT_USAGE;
}

/* The accounts of the certificate. */
static void mark_accounts(const struct inventory *i, const struct certificate *c, bool *dns, bool *cas)
{
	const char *const names[] = {spec_text(c->settings, KEY_CA), certificate_backup(c)};
	for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
		const struct ca_account *ca = names[n] ? ca_accounts_find(&i->ca_accounts, names[n]) : NULL;
		if (ca)
			cas[ca - i->ca_accounts.at] = true;
	}
	for (size_t n = 0; n < c->dns.n; n++) {
		const struct dns_account *a = dns_accounts_find(&i->accounts, c->dns.at[n]);
		if (a)
			dns[a - i->accounts.at] = true;
	}
}

/* Before anything is added: what a later run needs to remove it again. Each account once, however many certificates
 * use it. */
static bool remember_for_clean(const struct renewal *w, const size_t *chosen, size_t n, struct err *e)
{
	const struct inventory *i = &w->i;
	bool *dns = xcalloc(i->accounts.n + 1, sizeof *dns);
	bool *cas = xcalloc(i->ca_accounts.n + 1, sizeof *cas), ok = true;
	for (size_t c = 0; c < n; c++) {
		const struct known_certificate *k = &i->all.at[chosen[c]];
		if (strcmp(k->origin, ORIGIN_CONFIGURATION) == 0 ||
		    k->cert.configured_ca.n + k->cert.configured_dns.n)
			mark_accounts(i, &k->cert, dns, cas);
	}
	for (size_t a = 0; ok && a < i->ca_accounts.n; a++)
		ok = !cas[a] || ca_account_write(&i->ca_accounts.at[a], w->state, e);
	for (size_t a = 0; ok && a < i->accounts.n; a++)
		ok = !dns[a] || dns_account_write(&i->accounts.at[a], w->state, e);
	free(dns);
	free(cas);
	return ok;
}

/* Name of the account at the staging environment of CA account `ca`, which is remembered; NULL: there is none, which was
 * told. Looked for once. */
static const char *staging_of(struct renewal *w, const char *ca)
{
	struct err e;
	for (size_t i = 0; i < w->cas.n; i++)
		if (strcmp(w->cas.at[i], ca) == 0)
			return *w->staging.at[i] ? w->staging.at[i] : NULL;
	const struct ca_account *a = ca_staging(&w->i.ca_accounts, ca, &w->i.conf.ca, &e);
	bool ok = a && ca_account_write(a, w->state, &e);
	if (!ok)
		events_say(w->dry ? SAY_ERROR : SAY_WARN, "staging", "%s", e.text);
	strs_add(&w->cas, ca);
	strs_add(&w->staging, ok ? a->name : "");
	return staging_of(w, ca);
}

static void add(struct renewal *w, const struct known_certificate *k)
{
	bool tried = w->dry || spec_yes(k->cert.settings, KEY_STAGING_TRY);
	const char *staging = tried ? staging_of(w, spec_text(k->cert.settings, KEY_CA)) : NULL;
	if (w->dry && !staging) {
		w->untried++;
		return;
	}
	w->cert[w->job.certs++] =
	    (struct job_certificate){.id = k->id,
	                             .cert = &k->cert,
	                             .staging = staging,
	                             .revoke = revocations_wait_for(&w->owed, w->state, k->id)};
}

/* The accounts as used are what certificates of `issue` go on with should these leave the configuration. */
static bool note_used(const struct renewal *w, const size_t *chosen, size_t n, struct err *e)
{
	bool ok = true;
	for (size_t c = 0; ok && !w->dry && c < n; c++) {
		const struct known_certificate *k = &w->i.all.at[chosen[c]];
		ok = !k->cert.configured_dns.n || certificate_note_dns(&k->cert, w->state, k->id, e);
	}
	return ok;
}

/* Has the job hold these. */
static bool take(struct renewal *w, const size_t *chosen, size_t n, struct err *e)
{
	if (!remember_for_clean(w, chosen, n, e) || !note_used(w, chosen, n, e))
		return false;
	w->cert = xcalloc(n + 1, sizeof *w->cert);
	w->job.cert = w->cert;
	for (size_t c = 0; c < n; c++) {
		const struct known_certificate *k = &w->i.all.at[chosen[c]];
		if (k->renews)
			add(w, k);
		else if (w->job.named)
			events_say(SAY_INFO, "not-due",
			           "%s: is not renewed; its configuration says renew: no", k->id);
	}
	return true;
}

static void choose_one(const struct renewal *w, const char *id, size_t *chosen, size_t *n)
{
	const struct known_certificate *k = certificates_find(&w->i.all, id);
	if (k)
		chosen[(*n)++] = (size_t)(k - w->i.all.at);
}

static char *known_digest(const struct renewal *w)
{
	char *stamp = w->configuration ? indexed_stamp(w->state, w->configuration) : NULL;
	char *digest = stamp ? indexed_digest(w->state, stamp) : NULL;
	free(stamp);
	return digest;
}

/* After the configuration, if there is one. Where all is well the next run need not read any of it again. */
static bool read_certificates(struct renewal *w, struct err *e)
{
	const struct inventory *i = &w->i;
	char *stamp = w->configuration ? indexed_stamp(w->state, w->configuration) : NULL;
	bool ok = inventory_certificates(&w->i, w->state, e);
	free(w->digest);
	w->digest = certificates_index_digest(&i->all, &i->ca_accounts);
	if (ok && stamp && !i->damaged && !i->loaded.lines && !i->loaded.broken)
		indexed_note(w->state, stamp, w->digest);
	free(stamp);
	return ok;
}

static bool read_configuration(struct renewal *w, struct err *e)
{
	return inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e);
}

/* It was as the last run had read it, and is needed nevertheless. */
static void read_late(struct renewal *w)
{
	struct err e;
	if (w->i.certificates)
		return;
	bool ok = read_configuration(w, &e);
	config_keep(&w->i.accepted, &w->i.loaded);
	if (ok && read_certificates(w, &e))
		return;
	events_say(SAY_ERROR, "config", "%s", e.text);
	w->i.damaged++;
}

/* What the engine asks for, and what a revocation waits for; an ID that is not there any more is for the next run. */
static void take_needed(void *arg, const struct strs *ids)
{
	struct renewal *w = arg;
	size_t *chosen = xcalloc(ids->n + w->owed.n + 1, sizeof *chosen), n = 0;
	struct err e;
	if (ids->n || w->owed.n)
		read_late(w);
	for (size_t i = 0; i < ids->n; i++)
		choose_one(w, ids->at[i], chosen, &n);
	for (size_t i = 0; i < w->owed.n; i++) {
		const char *id = w->owed.at[i].id;
		if (id && !strs_has(ids, id) && revocations_wait_for(&w->owed, w->state, id))
			choose_one(w, id, chosen, &n);
	}
	if (!take(w, chosen, n, &e)) {
		events_say(SAY_ERROR, "state", "%s", e.text);
		w->i.damaged++;
	}
	free(chosen);
}

static json_t *index_rows(void *arg, size_t *at)
{
	struct renewal *w = arg;
	read_late(w);
	return certificates_index_rows(&w->i.all, &w->i.ca_accounts, at);
}

static int run(struct renewal *w)
{
	struct processes_result r = run_job(&w->job);
	r.code = code_of(w, r.code);
	revoke_owed(&(struct revoke){w->state, &w->o, &w->i.ca_accounts}, &r);
	return run_end(&r, w->state, &w->o);
}

static int run_due(struct renewal *w)
{
	char *digest = xstrdup(w->digest); /* as the engine is told, whatever is read late */
	const struct job_index index = {
	    .digest = digest, .rows = index_rows, .choose = take_needed, .arg = w};
	w->job.index = &index;
	int code = run(w);
	free(digest);
	return code;
}

/* Whatever comes of it says nothing of the certificates themselves. */
static int run_dry(struct renewal *w)
{
	if (!w->job.certs)
		return w->untried ? EXIT_USAGE : EXIT_DONE;
	struct processes_result r = run_job(&w->job);
	if (w->untried && r.code == EXIT_DONE)
		r.code = EXIT_FAILED;
	return run_end(&r, w->state, &w->o);
}

static bool choose(const struct renewal *w, size_t **chosen, size_t *n, struct err *e)
{
	const struct selection s = {.options = &w->o, .i = &w->i, .state = w->state};
	if (!w->dry || selection_is_given(&w->o))
		return selection_make(&s, chosen, n, e);
	*n = dry_run_choose(&w->i.all, chosen);
	return true;
}

static int run_selected(struct renewal *w)
{
	size_t *chosen, n;
	struct err e;
	enum exit_code code = choose(w, &chosen, &n, &e) ? EXIT_DONE : EXIT_USAGE;
	if (code == EXIT_DONE && !take(w, chosen, n, &e))
		code = EXIT_FAILED;
	free(chosen);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	return w->dry ? run_dry(w) : run(w);
}

static bool load_owed(struct renewal *w, struct err *e)
{
	struct strs damaged = {0};
	bool ok = revocations_load(&w->owed, w->state, &damaged, e);
	strs_free(&damaged); /* told when they are tried, at the end */
	return ok;
}

static int renew(struct renewal *w)
{
	bool named = selection_is_given(&w->o) || w->dry, all = !named && !spec_yes(w->o.run, KEY_RETRY);
	struct err e;
	if (!state_check(w->state, &e))
		return events_refuse(EXIT_USAGE, &e);
	w->digest = all ? known_digest(w) : NULL;
	bool known = w->digest;
	if (!known && !read_configuration(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = state_open(w->state, known || w->i.loaded.there, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	if (w->dry)
		accepted_close(&w->i.accepted);
	else
		config_keep(&w->i.accepted, &w->i.loaded);
	if (!inventory_accounts(&w->i, w->state, &e) || !load_owed(w, &e) ||
	    !(known || read_certificates(w, &e)))
		return events_refuse(EXIT_FAILED, &e);
	w->job = (struct job){.state = w->state,
	                      .command = JOB_RENEW,
	                      .dry_run = w->dry,
	                      .named = named,
	                      .accounts = &w->i.accounts,
	                      .ca_accounts = &w->i.ca_accounts,
	                      .options = &w->o};
	return all ? run_due(w) : run_selected(w);
}

static bool prepare(struct renewal *w, struct err *e)
{
	w->dry = spec_yes(w->o.run, KEY_DRY_RUN);
	if (spec_yes(w->o.run, KEY_FORCE) && !selection_is_given(&w->o))
		return err_set(e, "--force replaces certificates that are not due; say which: dnsproof renew "
		                  "--force ID, or '*' for all of them");
	struct err ignored; /* told when it is read */
	w->configuration = configuration_path(spec_text(w->o.run, KEY_CONFIG), &ignored);
	return (w->state = state_path(spec_text(w->o.run, KEY_STATE), e));
}

int cmd_renew(int argc, char **argv)
{
	struct renewal w = {0};
	struct err e;
	int code;
	if (options_begin(SPEC_RENEW, argc, argv, &w.o, &code))
		code = prepare(&w, &e) ? renew(&w) : (int)events_refuse(EXIT_USAGE, &e);
	options_free(&w.o);
	inventory_free(&w.i);
	revocations_free(&w.owed);
	strs_free(&w.cas);
	strs_free(&w.staging);
	free(w.cert);
	free_all(w.state, w.configuration, w.digest);
	return code;
}
