#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/ca_account.h"
#include "launcher/certificates.h"
#include "launcher/certificates_configured.h"
#include "launcher/config_load.h"
#include "launcher/cmd.h"
#include "launcher/dns_account.h"
#include "launcher/events.h"
#include "launcher/options.h"
#include "launcher/revoke.h"
#include "launcher/run.h"
#include "launcher/selection.h"
#include "launcher/state.h"

struct renewal {
	struct options o;
	char *state;
	struct dns_accounts accounts;
	struct ca_accounts ca_accounts;
	struct certificates all;
	struct configuration conf;
	struct accepted accepted;
	struct config_loaded loaded;
	size_t damaged; /* certificates whose file cannot be used */
	size_t *chosen, chosen_n;
	struct revocations owed; /* some wait for another certificate */
};

/* What is damaged is told, and the others go on. */
static bool load(struct renewal *w, struct err *e)
{
	struct strs accounts = {0}, damaged = {0};
	bool ok = dns_accounts_load(&w->accounts, w->state, &accounts, e) &&
	          ca_accounts_load(&w->ca_accounts, w->state, &accounts, e) &&
	          revocations_load(&w->owed, w->state, &accounts, e) &&
	          certificates_load(&w->all, w->state, &damaged, e);
	if (ok && w->loaded.there)
		certificates_configured(&w->all, &w->conf, &w->accounts, &w->ca_accounts, &damaged);
	w->damaged = damaged.n;
	events_say_all(SAY_WARN, "state", &accounts);
	events_say_all(SAY_ERROR, "state", &damaged);
	strs_free(&accounts);
	strs_free(&damaged);
	return ok;
}

static bool choose(struct renewal *w, struct err *e)
{
	const struct selection s = {.options = &w->o, .accounts = &w->accounts, .state = w->state};
	return selection_make(&s, &w->all, &w->chosen, &w->chosen_n, e);
}

/* 2 only where nothing could begin; a damaged certificate alone is 1 as long as others are well. */
static enum exit_code code_of(const struct renewal *w, enum exit_code code)
{
	if (w->loaded.broken)
		return EXIT_USAGE;
	if (!(w->damaged || w->loaded.lines) || (code != EXIT_DONE && code != EXIT_OWED))
		return code;
	return w->all.n || w->loaded.lines ? EXIT_FAILED : EXIT_USAGE;
}

/* The accounts of the certificate. */
static void mark_accounts(const struct renewal *w, const struct certificate *c, bool *dns, bool *cas)
{
	const struct ca_account *ca = ca_accounts_find(&w->ca_accounts, spec_text(c->settings, KEY_CA));
	if (ca)
		cas[ca - w->ca_accounts.at] = true;
	for (size_t i = 0; i < c->dns.n; i++) {
		const struct dns_account *a = dns_accounts_find(&w->accounts, c->dns.at[i]);
		if (a)
			dns[a - w->accounts.at] = true;
	}
}

/* Before anything is added: what a later run needs to remove it again. Each account once, however many certificates
 * use it. */
static bool remember_for_clean(struct renewal *w, struct err *e)
{
	bool *dns = xcalloc(w->accounts.n + 1, sizeof *dns);
	bool *cas = xcalloc(w->ca_accounts.n + 1, sizeof *cas), ok = true;
	for (size_t i = 0; i < w->chosen_n; i++) {
		const struct known_certificate *k = &w->all.at[w->chosen[i]];
		if (strcmp(k->origin, ORIGIN_CONFIGURATION) == 0)
			mark_accounts(w, &k->cert, dns, cas);
	}
	for (size_t i = 0; ok && i < w->ca_accounts.n; i++)
		ok = !cas[i] || ca_account_write(&w->ca_accounts.at[i], w->state, e);
	for (size_t i = 0; ok && i < w->accounts.n; i++)
		ok = !dns[i] || dns_account_write(&w->accounts.at[i], w->state, e);
	free(dns);
	free(cas);
	return ok;
}

static int run(struct renewal *w)
{
	struct err e;
	if (!remember_for_clean(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	struct job_certificate *cert = xcalloc(w->chosen_n + 1, sizeof *cert);
	for (size_t i = 0; i < w->chosen_n; i++) {
		const struct known_certificate *c = &w->all.at[w->chosen[i]];
		cert[i] = (struct job_certificate){
		    .id = c->id, .cert = &c->cert, .revoke = revocations_wait_for(&w->owed, w->state, c->id)};
	}
	struct job task = {.state = w->state,
	                   .command = JOB_RENEW,
	                   .named = selection_is_given(&w->o),
	                   .cert = cert,
	                   .certs = w->chosen_n,
	                   .accounts = &w->accounts,
	                   .ca_accounts = &w->ca_accounts,
	                   .options = &w->o};
	struct processes_result r = run_job(&task);
	r.code = code_of(w, r.code);
	revoke_owed(&(struct revoke){w->state, &w->o, &w->ca_accounts}, &r);
	free(cert);
	return run_end(&r);
}

/* That there is none is fine: what `issue` made goes on. */
static bool read_configuration(struct renewal *w, struct err *e)
{
	const char *given = spec_text(w->o.run, KEY_CONFIG);
	char *path = configuration_path(given, e);
	bool ok = path && config_load(&w->conf, &w->accepted, w->state, path, &w->loaded, e);
	free(path);
	return ok || !given;
}

static int renew(struct renewal *w)
{
	struct err e;
	if (!state_check(w->state, &e) || !read_configuration(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = state_open(w->state, w->loaded.there, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	config_keep(&w->accepted, &w->loaded);
	if (!load(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	if (!choose(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	return run(w);
}

static bool prepare(struct renewal *w, struct err *e)
{
	if (spec_yes(w->o.run, KEY_FORCE) && !selection_is_given(&w->o))
		return err_set(e, "--force replaces certificates that are not due; say which: dnsproof renew "
		                  "--force ID, or '*' for all of them");
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
	certificates_free(&w.all);
	revocations_free(&w.owed);
	configuration_free(&w.conf);
	accepted_close(&w.accepted);
	dns_accounts_free(&w.accounts);
	ca_accounts_free(&w.ca_accounts);
	free(w.chosen);
	free(w.state);
	return code;
}
