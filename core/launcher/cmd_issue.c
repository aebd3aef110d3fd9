#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/issue_configured.h"
#include "launcher/judged_hosts.h"
#include "launcher/certificate.h"
#include "launcher/configuration/account_keys.h"
#include "launcher/names.h"
#include "launcher/options.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/secret.h"
#include "launcher/setting.h"
#include "launcher/state.h"

struct issue {
	struct options o;
	char *state, *id;
	struct certificate old, now; /* old: what is remembered of this ID */
	bool known;
	struct inventory i;
	struct ca_account *ca, *backup; /* borrowed; backup: NULL = none is given */
	struct judged_hosts judged;
	const struct configured *configured; /* the certificate is done as this says; else NULL */
	bool passes;                         /* what is wrong may be right the next time */
	/* What is other than remembered, in words; NULL: the certificate is new, "": nothing. */
	char *changed_settings, *changed_dns;
};

static bool load(struct issue *w, struct err *e)
{
	if (!inventory_accounts(&w->i, w->state, e))
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
	if (!w->known || spec_yes(w->o.run, KEY_CHANGE))
		return true;
	char *difference = names_difference(&w->old.names, &w->now.names);
	char *had = strs_join(&w->old.names, ", ");
	bool same = !*difference;
	if (!same)
		err_set(e,
		        "certificate %s covers %s; you asked to %s; add --change to change it, or "
		        "--id ID for another certificate",
		        w->id, had, difference);
	free(had);
	free(difference);
	return same;
}

static void copy(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; i < from->n; i++)
		strs_add(to, from->at[i]);
}

/* Those of the configuration as they are there now. */
static bool follow_remembered(struct issue *w, struct err *e)
{
	const struct by_name by = inventory_by_name(&w->i);
	struct strs left = {0};
	copy(&w->now.dns, &w->old.dns);
	copy(&w->now.configured_dns, &w->old.configured_dns);
	bool ok = by_name_follow_dns(&by, &w->now, &left, e) || err_prefix(e, "certificate %s", w->id);
	by_name_tell_left("DNS", &left);
	strs_free(&left);
	return ok && (!w->o.dnss || by_name_dns_free(&by, &w->now.configured_dns, w->o.dns[0].settings, e));
}

/* Options of a DNS account without --dns: they are for those that are remembered. */
static bool use_remembered(struct issue *w, struct err *e)
{
	if (!follow_remembered(w, e))
		return false;
	for (size_t i = 0; i < w->now.dns.n; i++) {
		struct dns_account *a = dns_accounts_find(&w->i.accounts, w->now.dns.at[i]);
		if (!a)
			return err_set(e,
			               "the DNS account %s of certificate %s is not remembered any "
			               "more; add --dns PROVIDER and its --set options",
			               w->now.dns.at[i], w->id);
		if (w->o.dnss)
			dns_account_extend(a, w->o.dns[0].settings);
	}
	return true;
}

/* An account of the configuration, else one of a provider. */
static bool use_one(struct issue *w, const struct dns_choice *c, struct err *e)
{
	const struct by_name by = inventory_by_name(&w->i);
	if (by_name_dns(&by, c, &w->now, e))
		return true;
	if (e->text[0])
		return false;
	const struct dns_account *a = dns_accounts_choose(&w->i.accounts, c, e);
	if (a && !strs_has(&w->now.dns, a->name))
		strs_add(&w->now.dns, a->name);
	return a;
}

static bool use_given(struct issue *w, struct err *e)
{
	for (size_t i = 0; i < w->o.dnss; i++)
		if (!use_one(w, &w->o.dns[i], e))
			return false;
	return w->now.dns.n ||
	       err_set(e,
	               "--dns %s: no zone of its zone file is for these names; write it there, or "
	               "add --dns for the account that serves them",
	               w->o.dns[0].provider);
}

static bool choose_dns(struct issue *w, struct err *e)
{
	const struct dns_choice *c = w->o.dns;
	bool named = w->o.dnss && c[0].provider;
	if (w->o.dnss && !named && (json_object_size(c[0].set) || w->o.dnss > 1))
		return err_set(e, "--set applies to the preceding --dns; put --dns PROVIDER before it");
	if (w->o.dnss && !named && json_object_get(c[0].settings, spec_name(KEY_ZONE)))
		return err_set(e, "--zone applies to the preceding --dns; put --dns PROVIDER before it");
	if (named)
		return use_given(w, e);
	if (w->known && w->old.dns.n)
		return use_remembered(w, e);
	return err_set(e, "which DNS provider? add --dns PROVIDER; dnsproof providers lists them");
}

static bool is_auto(const char *servers)
{
	return str_ends(servers, "=auto");
}

/* Name servers replace those of the same zone; ZONE=auto takes a zone's back. */
static json_t *merged_servers(const json_t *old, const json_t *given)
{
	json_t *all = json_array(), *v, *one;
	size_t i, k;
	json_array_foreach(given, i, v) if (!is_auto(json_string_value(v))) json_array_append(all, v);
	json_array_foreach(old, i, v)
	{
		size_t zone = strcspn(json_string_value(v), "=") + 1;
		bool replaced = false;
		json_array_foreach(given, k, one) replaced =
		    replaced || strncmp(json_string_value(v), json_string_value(one), zone) == 0;
		if (!replaced)
			json_array_append(all, v);
	}
	return all;
}

static bool has_system(const json_t *resolvers)
{
	const json_t *v;
	size_t i;
	json_array_foreach(resolvers, i, v) if (strcmp(json_string_value(v), "system") == 0) return true;
	return false;
}

static void drop_none(json_t *settings, enum spec_key key)
{
	const char *text = spec_text(settings, key);
	if (text && strcmp(text, "none") == 0)
		json_object_del(settings, spec_name(key));
}

/* What is remembered, and instead of it what is given. */
static void choose_settings(struct issue *w)
{
	const json_t *given = w->o.certificate, *servers = spec_list(given, KEY_NAME_SERVERS);
	json_t *now = w->known ? json_copy(w->old.settings) : json_object();
	json_t *before = (json_t *)spec_list(now, KEY_NAME_SERVERS);
	json_t *merged = servers ? merged_servers(before, servers) : NULL;
	json_object_update(now, (json_t *)given);
	if (merged)
		json_object_set_new(now, spec_name(KEY_NAME_SERVERS), merged);
	if (has_system(spec_list(now, KEY_RESOLVER)))
		json_object_del(now, spec_name(KEY_RESOLVER));
	drop_none(now, KEY_PROFILE);
	drop_none(now, KEY_PREFERRED_CHAIN);
	drop_none(now, KEY_COMMON_NAME);
	drop_none(now, KEY_BACKUP_CA);
	json_object_set_new(now, spec_name(KEY_CA), json_string(w->ca->name));
	if (w->backup)
		json_object_set_new(now, spec_name(KEY_BACKUP_CA), json_string(w->backup->name));
	w->now.settings = now;
}

static bool judge_dns(struct issue *w, struct err *e)
{
	bool named = w->configured || (w->o.dnss && w->o.dns[0].provider) || w->now.configured_dns.n;
	for (size_t i = 0; i < w->now.dns.n; i++) {
		const struct dns_account *a = dns_accounts_find(&w->i.accounts, w->now.dns.at[i]);
		if (!dns_account_check(a, e) ||
		    (named &&
		     !judged_hosts_add(&w->judged, a, spec_number(w->o.run, KEY_VERBOSE), &w->passes, e)))
			return false;
	}
	return true;
}

static bool judge_ca(const struct issue *w, struct err *e)
{
	const char *source = spec_text(w->ca->settings, KEY_EAB_KEY);
	char *key = source ? secret_value(source, e) : NULL;
	bool ok = !source || key || err_prefix(e, "--eab-key");
	mem_wipe_free(key);
	return ok;
}

static bool judge_common_name(const struct issue *w, struct err *e)
{
	const char *name = spec_text(w->now.settings, KEY_COMMON_NAME);
	return !name || names_common_name(name, &w->now.names, e) || err_prefix(e, "--common-name");
}

/* What was typed, else what is remembered where that is a name of the configuration; NULL. */
static const char *ca_word(const struct issue *w, enum spec_key key, bool *typed)
{
	const char *word = json_string_value(json_object_get(w->o.certificate, spec_name(key)));
	const char *old = w->known ? spec_text(w->old.settings, key) : NULL;
	*typed = word;
	return word ? word : old && strs_has(&w->old.configured_ca, old) ? old : NULL;
}

static void note_ca(struct issue *w, const char *name)
{
	if (!strs_has(&w->now.configured_ca, name))
		strs_add(&w->now.configured_ca, name);
}

/* NULL with e empty: the configuration has none of that name; one that was remembered by it goes on as it was. */
static struct ca_account *configured_ca(struct issue *w, const char *word, bool typed, const json_t *given,
                                        struct err *e)
{
	const struct by_name by = inventory_by_name(&w->i);
	struct ca_account *a = by_name_ca(&by, word, given, e);
	struct strs left = {0};
	if (a || (!e->text[0] && !typed))
		note_ca(w, word);
	if (!a && !e->text[0] && !typed && by.right) {
		strs_add(&left, word);
		by_name_tell_left("CA", &left);
		strs_free(&left);
	}
	return a;
}

/* A word that is no CA's may be near to one of these. */
static bool name_configured(const struct issue *w, struct err *e)
{
	struct strs names = {0};
	for (size_t i = 0; i < w->i.conf.ca.n; i++)
		strs_add(&names, w->i.conf.ca.at[i].name);
	char *list = strs_join(&names, ", "), *text = xstrdup(e->text);
	if (names.n)
		err_set(e, "%s; the configuration has %s", text, list);
	free_all(list, text);
	strs_free(&names);
	return false;
}

static bool is_known_ca(const char *word)
{
	char *name = NULL, *directory = NULL;
	struct err ignored;
	bool known = ca_account_name(word, &name, &directory, &ignored);
	free_all(name, directory);
	return known;
}

/* An account of the configuration, else one by the name or URL of its CA. */
static bool choose_ca(struct issue *w, struct err *e)
{
	const char *remembered = w->known ? spec_text(w->old.settings, KEY_CA) : NULL;
	for (size_t i = 0; i < w->i.ca_accounts.n; i++)
		w->i.ca_accounts.at[i].remembered = json_copy(w->i.ca_accounts.at[i].settings);
	bool typed;
	const char *word = ca_word(w, KEY_CA, &typed);
	e->text[0] = '\0';
	w->ca = word ? configured_ca(w, word, typed, w->o.ca, e) : NULL;
	if (w->ca || e->text[0])
		return w->ca;
	w->ca = ca_accounts_choose(&w->i.ca_accounts, &w->o, remembered, e);
	return w->ca || (typed && !is_known_ca(word) && name_configured(w, e));
}

/* Likewise. */
static bool choose_backup(struct issue *w, struct err *e)
{
	bool typed;
	const char *word = ca_word(w, KEY_BACKUP_CA, &typed);
	if (!word || strcmp(word, "none") == 0)
		return true;
	char *first = xstrdup(w->ca->name);
	w->backup = configured_ca(w, word, typed, NULL, e);
	if (!w->backup && !e->text[0] && typed)
		w->backup = ca_accounts_backup(&w->i.ca_accounts, first, word, e);
	w->ca = ca_accounts_find(&w->i.ca_accounts, first);
	free(first);
	return w->backup || !e->text[0];
}

/* As the configuration says, whatever is remembered. */
static bool choose_configured(struct issue *w, struct err *e)
{
	w->ca =
	    issue_configured_choose(&w->i.conf, w->configured, &w->now, &w->i.accounts, &w->i.ca_accounts, e);
	return w->ca && judge_ca(w, e) && judge_dns(w, e);
}

/* All that is wrong with what was typed, before anything is written or asked. */
static bool choose(struct issue *w, struct err *e)
{
	if (w->configured)
		return choose_configured(w, e);
	if (!choose_names(w, e) || !choose_dns(w, e) || !choose_ca(w, e) || !choose_backup(w, e))
		return false;
	choose_settings(w);
	return judge_common_name(w, e) && judge_ca(w, e) && judge_dns(w, e);
}

/* Before anything is added: what a later run needs to remove it again. */
static bool remember_for_clean(struct issue *w, struct err *e)
{
	const char *name = certificate_backup(&w->now);
	const struct ca_account *backup = name ? ca_accounts_find(&w->i.ca_accounts, name) : NULL;
	bool by_name = strs_has(&w->now.configured_ca, w->ca->name);
	bool ok = (!(w->ca->tried || w->configured || by_name) || ca_account_write(w->ca, w->state, e)) &&
	          (!backup || ca_account_write(backup, w->state, e));
	for (size_t i = 0; ok && i < w->now.dns.n; i++) {
		struct dns_account *a = dns_accounts_find(&w->i.accounts, w->now.dns.at[i]);
		ok = dns_account_write(a, w->state, e);
	}
	return ok;
}

static char *dns_changes(const struct issue *w)
{
	char *old = strs_join(&w->old.dns, " "), *now = strs_join(&w->now.dns, " ");
	char *text = strcmp(old, now) ? xasprintf("DNS account %s instead of %s", now, old) : xstrdup("");
	free(old);
	free(now);
	return text;
}

static void find_changes(struct issue *w)
{
	if (!w->known || w->configured)
		return;
	w->changed_settings = setting_changes(w->old.settings, w->now.settings);
	w->changed_dns = dns_changes(w);
}

static bool has_words(const char *changes)
{
	return changes && *changes;
}

static void say_changes(const char *what, const char *name, const char *changes)
{
	if (has_words(changes))
		events_say(SAY_INFO, "changed", "%s %s: %s", what, name, changes);
}

/* Once it has worked. */
static bool remember(struct issue *w, struct err *e)
{
	if (w->configured) /* the configuration remembers it */
		return true;
	bool own = !w->ca->tried && !strs_has(&w->now.configured_ca, w->ca->name);
	char *ca = own ? setting_changes(w->ca->remembered, w->ca->settings) : NULL;
	say_changes("CA account", w->ca->name, ca);
	free(ca);
	w->ca->tried = false;
	if (w->backup)
		w->backup->tried = false;
	say_changes("certificate", w->id, w->changed_settings);
	say_changes("certificate", w->id, w->changed_dns);
	return ca_account_write(w->ca, w->state, e) &&
	       (!w->backup || ca_account_write(w->backup, w->state, e)) &&
	       certificate_write(&w->now, w->state, w->id, e);
}

/* With what its DNS accounts say in the configuration, which is not remembered. Only its settings are owned. */
static struct certificate as_run(struct issue *w)
{
	struct certificate c = w->now;
	c.settings = json_copy(w->now.settings);
	if (inventory_by_name(&w->i).right)
		account_keys_add(&w->i.conf, &c.configured_dns, &c.names, c.settings);
	return c;
}

static int run(struct issue *w)
{
	bool changed = has_words(w->changed_settings) || has_words(w->changed_dns);
	struct certificate cert = as_run(w);
	struct job_certificate one = {.id = w->id, .cert = &cert, .check = changed};
	struct job task = {.state = w->state,
	                   .cert = &one,
	                   .certs = 1,
	                   .accounts = &w->i.accounts,
	                   .ca_accounts = &w->i.ca_accounts,
	                   .options = &w->o,
	                   .judged = &w->judged};
	struct processes_result r = run_job(&task);
	json_decref(cert.settings);
	bool worked = r.code == EXIT_DONE || r.code == EXIT_NOT_DUE || r.code == EXIT_OWED;
	struct err e;
	if (worked && !r.signum && !r.broken && !remember(w, &e))
		r.code = (enum exit_code)events_refuse(EXIT_FAILED, &e);
	if (r.code == EXIT_NOT_DUE && !spec_yes(w->o.run, KEY_EXIT_UNCHANGED))
		r.code = EXIT_DONE;
	return run_end(&r, w->state, &w->o);
}

/* Until a run with the account has worked: it may well be that the proxy is not for us. */
static void say_unused_proxy(const struct ca_account *ca)
{
	static const char *const variables[] = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"};
	if (!ca->tried || spec_text(ca->settings, KEY_PROXY))
		return;
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *url = getenv(variables[i]);
		if (!url || !*url)
			continue;
		events_say(SAY_WARN, "proxy",
		           "%s is set but not used; if the CA is reached by that proxy only, add --proxy URL "
		           "(and --set proxy=URL for the DNS provider)",
		           variables[i]);
		return;
	}
}

static int issue(struct issue *w)
{
	struct err e;
	if (!state_check(w->state, &e) || !load(w, &e) || !choose(w, &e))
		return events_refuse(w->passes ? EXIT_FAILED : EXIT_USAGE, &e);
	enum exit_code code = state_open(w->state, true, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	say_unused_proxy(w->ca);
	if (!remember_for_clean(w, &e))
		return events_refuse(EXIT_FAILED, &e);
	find_changes(w);
	return run(w);
}

/* Does the configuration have it? What is no name may be an ID of it. */
static bool find_configured(struct issue *w, const char *given, struct err *e)
{
	struct strs names = {0};
	struct err ignored;
	bool fine = names_check(&w->o.names, &names, &ignored) && (given || names.n);
	char *id = fine ? names_id(given, &names, &ignored) : NULL;
	bool ok = inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e) &&
	          issue_configured_find(&w->i.conf, &w->o, id, &w->configured, e);
	accepted_close(&w->i.accepted);
	if (w->configured && !w->i.loaded.there)
		ok = err_set(
		    e,
		    "certificate %s is configured, but the configuration is wrong, and none was right before",
		    w->configured->id);
	free(id);
	strs_free(&names);
	return ok;
}

static bool prepare(struct issue *w, struct err *e)
{
	const char *id = spec_text(w->o.run, KEY_ID);
	struct strs names = {0};
	bool ok = w->o.names.n || id || err_set(e, "which names? type dnsproof issue NAME...");
	ok = ok && (w->state = state_path(spec_text(w->o.run, KEY_STATE), e)) && find_configured(w, id, e);
	if (w->configured)
		w->id = xstrdup(w->configured->id);
	else
		ok = ok && names_check(&w->o.names, &names, e) && (w->id = names_id(id, &names, e));
	strs_free(&names);
	return ok;
}

int cmd_issue(int argc, char **argv)
{
	struct issue w = {0};
	struct err e;
	int code;
	if (options_begin(SPEC_ISSUE, argc, argv, &w.o, &code))
		code = prepare(&w, &e) ? issue(&w) : (int)events_refuse(EXIT_USAGE, &e);
	options_free(&w.o);
	certificate_free(&w.old);
	certificate_free(&w.now);
	judged_hosts_free(&w.judged);
	inventory_free(&w.i);
	free(w.state);
	free(w.id);
	free(w.changed_settings);
	free(w.changed_dns);
	return code;
}
