#include "config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/when.h"
#include "launcher/ca_preset.h"
#include "launcher/certificate.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/import/adopter.h"
#include "launcher/import/clients.h"
#include "launcher/import/tree.h"
#include "launcher/inventory.h"
#include "launcher/names.h"
#include "launcher/options.h"
#include "launcher/state.h"
#include "launcher/status_file.h"
#include "launcher/strings.h"

struct import {
	struct options o;
	char *state, *directory; /* directory: of --ca, or NULL */
	struct inventory i;
	struct foreigns *from;
	size_t froms;
	struct strs ids; /* taken in this run */
	size_t left;     /* not taken */
	bool dry;
};

/* One certificate on its way. */
struct taking {
	struct import *w;
	const struct foreigns *f;
	const struct foreign *c;
	struct adopter keeper;
	json_t *facts; /* of the keeper */
	char *id;
	const struct configured *configured; /* the configuration has it; or NULL */
	struct ca_account *ca;
	bool assumed; /* nobody has said which CA it is */
	struct certificate now;
};

/* New object for the keeper; NULL with e. */
static json_t *read_pair(const struct taking *t, struct err *e)
{
	const struct foreign *c = t->c;
	struct err ignored;
	char *key = tree_text(t->f->tree, c->key, e),
	     *chain = key ? tree_text(t->f->tree, c->chain, e) : NULL;
	char *issuers = chain && c->issuers ? tree_text(t->f->tree, c->issuers, &ignored) : NULL;
	json_t *pair = chain ? json_pack("{s:s, s:s, s:s*, s:s*}", "key", key, "chain", chain, "issuers",
	                                 issuers, "directory", c->directory)
	                     : NULL;
	if (chain && !pair)
		err_set(e, "%s: is not text", c->key);
	mem_wipe_free(key);
	free_all(chain, issuers);
	return pair;
}

static bool look(struct taking *t, struct err *e)
{
	json_t *pair = read_pair(t, e);
	if (!pair || !adopter_start(&t->keeper, t->w->state, pair, e) ||
	    !(t->facts = adopter_look(&t->keeper, e)))
		return false;
	int64_t until = json_integer_value(json_object_get(t->facts, "not_after"));
	char text[WHEN_ROOM];
	strings_take(&t->now.names, json_object_get(t->facts, "names"));
	if (until > (int64_t)time(NULL))
		return t->now.names.n || err_set(e, "it has no names");
	return err_set(e, "it expired on %s; if it is still wanted: dnsproof issue %s",
	               when_text(until, text), t->now.names.n ? t->now.names.at[0] : "NAME");
}

/* As the other client calls it, if that is one. */
static bool choose_id(struct taking *t, struct err *e)
{
	struct err ignored;
	t->id = t->c->id ? names_id(t->c->id, NULL, &ignored) : NULL;
	if (!t->id && !(t->id = names_id(NULL, &t->now.names, e)))
		return false;
	if (strs_has(&t->w->ids, t->id))
		return err_set(e, "another certificate %s was taken already", t->id);
	if (t->w->i.loaded.there)
		t->configured = configuration_find(&t->w->i.conf, t->id);
	struct certificate old = {0};
	struct err why = {""};
	bool known = certificate_load(&old, t->w->state, t->id, &why) || why.text[0];
	certificate_free(&old);
	return !known ||
	       err_set(e,
	               "there is a certificate %s already; dnsproof status %s shows it, and dnsproof "
	               "remove %s ends it, after which this can be taken",
	               t->id, t->id, t->id);
}

static bool choose_ca(struct taking *t, struct err *e)
{
	struct ca_accounts *all = &t->w->i.ca_accounts;
	const char *directory = t->c->directory ? t->c->directory : t->w->directory;
	t->assumed = !directory;
	if (directory)
		t->ca = ca_accounts_of(all, directory);
	if (!t->ca)
		t->ca = ca_accounts_at(all, directory ? directory : spec_text(NULL, KEY_CA), e);
	return t->ca;
}

static bool use(struct taking *t, const struct dns_choice *choice, struct err *e)
{
	struct dns_account *a = dns_accounts_choose(&t->w->i.accounts, choice, e);
	if (a && !strs_has(&t->now.dns, a->name))
		strs_add(&t->now.dns, a->name);
	return a;
}

/* Those of the folder, else those that were typed, else none. */
static bool choose_dns(struct taking *t, struct err *e)
{
	const struct options *o = &t->w->o;
	bool ok = true;
	if (t->c->dns.provider && !o->dnss)
		return use(t, &t->c->dns, e);
	for (size_t i = 0; ok && i < o->dnss; i++)
		ok = use(t, &o->dns[i], e);
	return ok;
}

static void choose_settings(struct taking *t)
{
	t->now.settings = json_copy(t->w->o.certificate);
	json_object_set_new(t->now.settings, spec_name(KEY_CA), json_string(t->ca->name));
	json_object_set(t->now.settings, spec_name(KEY_KEY_TYPE), json_object_get(t->facts, "type"));
}

/* What renewal needs first; the certificate comes last, so that a kill leaves nothing that is half known. */
static bool keep(struct taking *t, struct err *e)
{
	bool ok = !t->ca->tried || ca_account_write(t->ca, t->w->state, e);
	for (size_t i = 0; ok && i < t->now.dns.n; i++)
		ok =
		    dns_account_write(dns_accounts_find(&t->w->i.accounts, t->now.dns.at[i]), t->w->state, e);
	return ok && adopter_publish(&t->keeper, t->id, e) &&
	       (t->configured || certificate_write(&t->now, t->w->state, t->id, e));
}

static void say_taken(const struct taking *t)
{
	char *names = strs_join(&t->now.names, ", "), *ca = ca_account_label(t->ca), until[WHEN_ROOM];
	when_text(json_integer_value(json_object_get(t->facts, "not_after")), until);
	events_say(SAY_INFO, "taken", "%s: %s (%s), until %s, of %s%s%s", t->id,
	           t->w->dry ? "would be taken" : "taken", names, until, ca,
	           t->assumed ? ", as nothing says which CA it is (--ca says another)" : "",
	           t->configured ? "; renewed as the configuration says" : "");
	free_all(names, ca);
}

/* Why it could not be renewed as it stands. */
static void say_dns(const struct taking *t)
{
	struct err e;
	if (t->configured)
		return;
	for (size_t i = 0; i < t->now.dns.n; i++)
		if (!dns_account_check(dns_accounts_find(&t->w->i.accounts, t->now.dns.at[i]), &e))
			events_say(SAY_WARN, "dns", "%s cannot be renewed yet: %s", t->id, e.text);
	if (t->now.dns.n)
		return;
	events_say(
	    SAY_WARN, "dns",
	    "%s cannot be renewed yet: %s%s%s. Put the secret alone into a file (mode 600), then type: "
	    "dnsproof issue --id %s --dns PROVIDER --set KEY=file:PATH",
	    t->id, t->c->dns_was ? "its DNS was served by " : "the folder does not tell its DNS provider",
	    t->c->dns_was ? t->c->dns_was : "",
	    t->c->dns_was ? ", which is not taken over, for it may hold secrets" : "", t->id);
}

static bool take(struct taking *t, struct err *e)
{
	if (!look(t, e) || !choose_id(t, e) || !choose_ca(t, e) || !choose_dns(t, e))
		return false;
	choose_settings(t);
	if (!t->w->dry && !keep(t, e))
		return false;
	strs_add(&t->w->ids, t->id);
	say_taken(t);
	say_dns(t);
	return true;
}

static void take_one(struct import *w, const struct foreigns *f, const struct foreign *c)
{
	struct taking t = {.w = w, .f = f, .c = c, .keeper = {.keeper = -1, .fd = -1}};
	struct err e = {""};
	if (!take(&t, &e)) {
		w->left++;
		events_say(SAY_ERROR, "left", "%s: not taken: %s",
		           t.id    ? t.id
		           : c->id ? c->id
		                   : c->chain,
		           e.text);
	}
	adopter_end(&t.keeper);
	certificate_free(&t.now);
	json_decref(t.facts);
	free(t.id);
}

/* What is typed for the CA. */
static const char *ca_word(const struct import *w, const char *directory)
{
	const struct ca_account *a = directory ? ca_accounts_of(&w->i.ca_accounts, directory) : NULL;
	const struct ca_preset *preset = directory ? ca_preset_find(directory) : NULL;
	if (a && a->configured)
		return a->name;
	return preset ? preset->name : directory ? directory : "CA";
}

/* What is still to be done by hand, once per folder. */
static void say_rest(const struct import *w, const struct foreigns *f)
{
	for (size_t i = 0; i < f->accounts; i++)
		events_say(SAY_INFO, "account",
		           "to go on with its CA account: dnsproof ca import %s --key %s",
		           ca_word(w, f->account[i].directory), f->account[i].key);
	if (f->client)
		events_say(SAY_INFO, "other",
		           "when the certificates are read from %s/certs/ID/live, end the renewals of %s: %s",
		           w->state, f->client, f->end);
}

static void take_all(struct import *w, const struct foreigns *f)
{
	for (size_t i = 0; i < f->n; i++)
		take_one(w, f, &f->at[i]);
	if (!f->n)
		events_say(SAY_WARN, "nothing", "%s: %s has no certificates there", f->path, f->client);
	say_rest(w, f);
}

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Seen from the root folder. New string; NULL with e. */
static char *file_of(const char *typed, struct err *e)
{
	char path[PATH_MAX];
	if (realpath(typed, path))
		return xstrdup(path + 1);
	err_set(e, "%s: there is no such file or folder", typed);
	return NULL;
}

static bool is_chain(const struct foreigns *f, const char *path)
{
	struct err ignored;
	char *text = tree_text(f->tree, path, &ignored);
	bool chain = text && strstr(text, "-----BEGIN CERTIFICATE-----");
	mem_wipe_free(text);
	return chain;
}

static struct foreigns *add(struct import *w)
{
	w->from = xgrow(w->from, w->froms, sizeof *w->from);
	w->from[w->froms] = (struct foreigns){.tree = -1};
	return &w->from[w->froms++];
}

/* A key and a chain, in any order. */
static bool read_files(struct import *w, struct err *e)
{
	struct foreigns *f = add(w);
	char *a = file_of(w->o.names.at[0], e), *b = a ? file_of(w->o.names.at[1], e) : NULL;
	*f = (struct foreigns){.path = xstrdup("/"), .tree = tree_open("/", e)};
	if (!b || f->tree < 0) {
		free_all(a, b);
		return false;
	}
	bool swapped = is_chain(f, a) && !is_chain(f, b);
	struct foreign *c = foreigns_add(f);
	c->key = swapped ? b : a;
	c->chain = swapped ? a : b;
	return true;
}

static bool read_folders(struct import *w, struct err *e)
{
	bool ok = true;
	for (size_t i = 0; ok && i < w->o.names.n; i++) {
		char path[PATH_MAX];
		const char *typed = realpath(w->o.names.at[i], path) ? path : w->o.names.at[i];
		ok = clients_read(add(w), typed, w->directory, e);
	}
	return ok;
}

/* --ca: an account of the configuration, else a preset or a URL. */
static bool choose_directory(struct import *w, struct err *e)
{
	const char *typed = json_string_value(json_object_get(w->o.certificate, spec_name(KEY_CA)));
	const struct ca_account *a = typed ? ca_accounts_meant(&w->i.ca_accounts, typed) : NULL;
	char *name = NULL;
	bool ok = true;
	if (a)
		w->directory = xstrdup(a->directory);
	else if (typed)
		ok = ca_account_name(typed, &name, &w->directory, e);
	free(name);
	return ok;
}

static bool load(struct import *w, struct err *e)
{
	bool ok = inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e) &&
	          inventory_accounts(&w->i, w->state, e);
	for (size_t i = 0; ok && w->i.loaded.there && i < w->i.conf.ca.n; i++)
		ok = ca_accounts_take(&w->i.ca_accounts, &w->i.conf.ca.at[i], e);
	return ok && choose_directory(w, e);
}

static bool prepare(struct import *w, bool *files, struct err *e)
{
	const struct options *o = &w->o;
	w->dry = spec_yes(o->run, KEY_DRY_RUN);
	*files = o->names.n == 2 && !is_folder(o->names.at[0]) && !is_folder(o->names.at[1]);
	if (!o->names.n)
		return err_set(e, "import what? type dnsproof import /etc/letsencrypt, or another client's "
		                  "folder, or a key and its chain");
	for (size_t i = 0; !*files && i < o->names.n; i++)
		if (!is_folder(o->names.at[i]))
			return err_set(e, "%s is no folder; a pair is two files: dnsproof import KEY CHAIN",
			               o->names.at[i]);
	if (o->dnss && !o->dns[0].provider)
		return err_set(e, "which DNS provider? put --dns PROVIDER before its options");
	return (w->state = state_path(spec_text(o->run, KEY_STATE), e)) && state_check(w->state, e) &&
	       load(w, e);
}

static int run(struct import *w)
{
	struct err e;
	bool files = false;
	if (!prepare(w, &files, &e) || !(files ? read_files(w, &e) : read_folders(w, &e)))
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = w->dry ? EXIT_DONE : state_open(w->state, true, &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	for (size_t i = 0; i < w->froms; i++)
		take_all(w, &w->from[i]);
	if (w->ids.n && !w->dry)
		status_file_write(w->state, spec_text(w->o.run, KEY_CONFIG));
	return w->left ? EXIT_FAILED : EXIT_DONE;
}

int cmd_import(int argc, char **argv)
{
	struct import w = {0};
	int code;
	if (options_begin(SPEC_IMPORT, argc, argv, &w.o, &code))
		code = run(&w);
	options_free(&w.o);
	for (size_t i = 0; i < w.froms; i++)
		foreigns_free(&w.from[i]);
	free(w.from);
	inventory_free(&w.i);
	strs_free(&w.ids);
	free_all(w.state, w.directory);
	return code;
}
