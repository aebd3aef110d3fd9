#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "launcher/dns_account.h"
#include "launcher/ca_account.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/certificate.h"
#include "launcher/names.h"
#include "launcher/options.h"
#include "launcher/run.h"
#include "launcher/state.h"

struct issue {
	struct options o;
	char *state, *id;
	struct certificate old, now; /* old: what is remembered of this ID */
	bool known;
	struct dns_accounts accounts;
	struct ca_accounts ca_accounts;
	struct ca_account *ca; /* borrowed */
};

static bool load(struct issue *w, struct err *e)
{
	struct strs damaged = {0};
	bool ok = dns_accounts_load(&w->accounts, w->state, &damaged, e) &&
	          ca_accounts_load(&w->ca_accounts, w->state, &damaged, e);
	for (size_t i = 0; i < damaged.n; i++)
		events_say(SAY_WARN, "state", "%s", damaged.at[i]);
	strs_free(&damaged);
	if (!ok)
		return false;
	w->known = certificate_load(&w->old, w->state, w->id, e);
	return w->known || !e->text[0];
}

static bool choose_names(struct issue *w, struct err *e)
{
	struct strs none = {0};
	const struct strs *from = &w->o.names;
	if (!from->n && !w->known)
		return err_set(e, "certificate %s is not known; type its names: dnsproof issue NAME...",
		               w->id);
	if (!from->n)
		from = &w->old.names;
	w->now.names = none;
	if (!names_check(from, &w->now.names, e))
		return false;
	if (!w->known || w->old.pending || w->o.change)
		return true;
	char *difference = names_difference(&w->old.names, &w->now.names);
	char *had = strs_join(&w->old.names, ", ");
	bool same = !*difference;
	if (!same)
		err_set(e,
		        "certificate %s was made for %s; this %s; add --change to change it, or "
		        "--cert ID for another certificate",
		        w->id, had, difference);
	free(had);
	free(difference);
	return same;
}

static bool extend_remembered(struct issue *w, const struct strs *targets, struct err *e)
{
	for (size_t i = 0; i < w->old.dns.n; i++) {
		struct dns_account *a = dns_accounts_find(&w->accounts, w->old.dns.at[i]);
		if (!a)
			return err_set(e,
			               "the DNS account %s of certificate %s is not remembered any "
			               "more; add --dns PROVIDER and its --set options",
			               w->old.dns.at[i], w->id);
		dns_account_extend(a, targets, &w->o.servers, &w->o.resolvers);
		strs_add(&w->now.dns, a->name);
	}
	return true;
}

static bool choose_dns(struct issue *w, struct err *e)
{
	struct strs none = {0};
	const struct dns_choice *c = w->o.dns;
	if (w->o.dnss && !c[0].provider && c[0].set.n)
		return err_set(e, "--set needs --dns PROVIDER beside it");
	if (!w->o.dnss || !c[0].provider)
		return (w->known && w->old.dns.n)
		           ? extend_remembered(w, w->o.dnss ? &c[0].targets : &none, e)
		           : err_set(e, "which DNS provider? add --dns PROVIDER; dnsproof providers "
		                        "lists them");
	for (size_t i = 0; i < w->o.dnss; i++) {
		struct dns_account *a = dns_accounts_choose(&w->accounts, &c[i], e);
		if (!a)
			return false;
		dns_account_extend(a, &c[i].targets, &w->o.servers, &w->o.resolvers);
		if (!strs_has(&w->now.dns, a->name))
			strs_add(&w->now.dns, a->name);
	}
	return true;
}

static void choose_rest(struct issue *w)
{
	const struct options *o = &w->o;
	const struct certificate *old = w->known ? &w->old : NULL;
	w->now.ca = xstrdup(w->ca->name);
	w->now.key = xstrdup(o->key ? o->key : old ? old->key : "p256");
	w->now.policy = xstrdup(o->policy ? o->policy : old ? old->policy : "reachable");
	w->now.ttl = o->ttl != OPTION_NOT_GIVEN ? o->ttl : old ? old->ttl : 60;
	w->now.timeout = o->timeout != OPTION_NOT_GIVEN ? o->timeout : old ? old->timeout : 600;
	w->now.pending = true;
}

static bool check_secrets(const struct issue *w, struct err *e)
{
	for (size_t i = 0; i < w->now.dns.n; i++)
		if (!dns_account_check(dns_accounts_find(&w->accounts, w->now.dns.at[i]), e))
			return false;
	return true;
}

/* All that is wrong with what was typed, before anything is written or asked. */
static bool choose(struct issue *w, struct err *e)
{
	if (!choose_names(w, e) || !choose_dns(w, e))
		return false;
	w->ca = ca_accounts_choose(&w->ca_accounts, &w->o, w->known ? w->old.ca : NULL, e);
	if (!w->ca)
		return false;
	choose_rest(w);
	return check_secrets(w, e);
}

/* Before anything is put: what a later run needs to take it away again. */
static bool remember(struct issue *w, struct err *e)
{
	bool ok = ca_account_write(w->ca, w->state, e);
	for (size_t i = 0; ok && i < w->now.dns.n; i++)
		ok = dns_account_write(dns_accounts_find(&w->accounts, w->now.dns.at[i]), w->state, e);
	if (ok && (!w->known || w->old.pending))
		ok = certificate_write(&w->now, w->state, w->id, e);
	return ok;
}

static int refuse(enum exit_code code, const struct err *e)
{
	events_say(SAY_ERROR, code == EXIT_USAGE ? "usage" : "state", "%s", e->text);
	return code;
}

static int issue(struct issue *w)
{
	struct err e;
	enum exit_code code = state_open(w->state, true, &e);
	if (code != EXIT_DONE)
		return refuse(code, &e);
	if (!load(w, &e) || !choose(w, &e))
		return refuse(EXIT_USAGE, &e);
	if (!remember(w, &e))
		return refuse(EXIT_FAILED, &e);
	struct job task = {.state = w->state,
	                   .id = w->id,
	                   .cert = &w->now,
	                   .accounts = &w->accounts,
	                   .ca_accounts = &w->ca_accounts,
	                   .options = &w->o};
	struct processes_result r = run_job(&task);
	if (r.code == EXIT_DONE || r.code == EXIT_NOT_DUE || r.code == EXIT_OWED) {
		w->now.pending = r.signum != 0;
		if (!w->now.pending && !certificate_write(&w->now, w->state, w->id, &e))
			r.code = (enum exit_code)refuse(EXIT_FAILED, &e);
	}
	return run_end(&r);
}

static bool prepare(struct issue *w, struct err *e)
{
	struct strs names = {0};
	bool ok = w->o.names.n || w->o.cert || err_set(e, "which names? type dnsproof issue NAME...");
	ok = ok && names_check(&w->o.names, &names, e) && (w->id = names_id(w->o.cert, &names, e));
	ok = ok && (w->state = state_path(w->o.state, e));
	strs_free(&names);
	return ok;
}

int cmd_issue(int argc, char **argv)
{
	struct issue w = {0};
	struct err e;
	int code = EXIT_USAGE;
	bool ok = options_parse(COMMAND_ISSUE, argc, argv, &w.o, &e);
	events_open(w.o.json, w.o.verbose);
	if (w.o.help) {
		options_help(COMMAND_ISSUE);
		code = EXIT_DONE;
	} else if (!ok || !prepare(&w, &e)) {
		refuse(EXIT_USAGE, &e);
	} else {
		code = issue(&w);
	}
	options_free(&w.o);
	certificate_free(&w.old);
	certificate_free(&w.now);
	dns_accounts_free(&w.accounts);
	ca_accounts_free(&w.ca_accounts);
	free(w.state);
	free(w.id);
	return code;
}
