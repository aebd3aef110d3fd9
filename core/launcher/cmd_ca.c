#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/ca_account.h"
#include "launcher/ca_rename.h"
#include "launcher/certificate.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/jsonfile.h"
#include "launcher/options.h"
#include "launcher/renaming.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/secret.h"
#include "launcher/state.h"

struct ca {
	struct options o;
	char *state;
	struct inventory i;
	char *key;                  /* to import, or NULL */
	struct ca_account *account; /* the one that is meant, borrowed */
};

static json_t *facts(const struct ca_account *a)
{
	char *label = ca_account_label(a);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s?, s:b}", "account", a->name, "ca", label, "directory",
	                      a->directory, "email", spec_text(a->settings, KEY_EMAIL), "used", !a->tried);
	free(label);
	return o;
}

static void list_as_json(const struct ca *w)
{
	json_t *list = json_array();
	for (size_t i = 0; i < w->i.ca_accounts.n; i++)
		json_array_append_new(list, facts(&w->i.ca_accounts.at[i]));
	char *text = json_dumps(list, JSON_INDENT(1));
	puts(text);
	free(text);
	json_decref(list);
}

static int list(const struct ca *w)
{
	if (spec_yes(w->o.run, KEY_JSON)) {
		list_as_json(w);
		return EXIT_DONE;
	}
	if (!w->i.ca_accounts.n)
		puts("no CA account yet; dnsproof issue and dnsproof ca register make them");
	for (size_t i = 0; i < w->i.ca_accounts.n; i++) {
		const struct ca_account *a = &w->i.ca_accounts.at[i];
		const char *email = spec_text(a->settings, KEY_EMAIL);
		char *label = ca_account_label(a);
		printf("%-24s %s%s%s%s\n", a->name, label, email ? ", " : "", email ? email : "",
		       a->tried ? ", not used yet" : "");
		free(label);
	}
	return EXIT_DONE;
}

static bool find(struct ca *w, const char *word, struct err *e)
{
	w->account = ca_accounts_meant(&w->i.ca_accounts, word);
	return w->account || err_set(e, "there is no CA account %s; dnsproof ca list lists them", word);
}

/* What the account still makes certificates for: an account that is gone would fail all of them. */
static bool is_user(const struct certificate *c, const char *account)
{
	const char *backup = certificate_backup(c);
	return strcmp(spec_text(c->settings, KEY_CA), account) == 0 ||
	       (backup && strcmp(backup, account) == 0);
}

static bool is_unused(const struct ca *w, struct err *e)
{
	char *folder = xasprintf("%s/issued", w->state);
	struct strs ids = {0}, users = {0};
	bool ok = jsonfile_list(folder, &ids, e);
	for (size_t i = 0; ok && i < ids.n; i++) {
		struct certificate c = {0};
		struct err ignored;
		if (certificate_load(&c, w->state, ids.at[i], &ignored) && is_user(&c, w->account->name))
			strs_add(&users, ids.at[i]);
		certificate_free(&c);
	}
	if (ok && users.n) {
		ok = err_set(e,
		             "CA account %s is used by %zu certificate%s (%s%s); give %s another CA first: "
		             "dnsproof issue --id %s --ca CA, or --backup-ca CA",
		             w->account->name, users.n, users.n == 1 ? "" : "s", users.at[0],
		             users.n == 1 ? "" : ", ...", users.n == 1 ? "it" : "them", users.at[0]);
	}
	strs_free(&ids);
	strs_free(&users);
	free(folder);
	return ok;
}

/* *configured: the account of that name in the configuration; NULL: there is none. */
static bool find_configured(struct ca *w, const char *word, const struct ca_account **configured,
                            struct err *e)
{
	*configured = NULL;
	if (!inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e))
		return false;
	if (w->i.loaded.there)
		*configured = ca_accounts_find(&w->i.conf.ca, word);
	return true;
}

/* As the configuration has it, else as it is typed: the name of a preset, or a URL. `make` adds that. */
static bool choose_account(struct ca *w, const char *word, bool make, struct err *e)
{
	const struct ca_account *configured;
	if (!find_configured(w, word, &configured, e))
		return false;
	if (configured)
		w->account = ca_accounts_take(&w->i.ca_accounts, configured, e);
	else if (make)
		w->account = ca_accounts_at(&w->i.ca_accounts, word, e);
	return !configured || w->account;
}

static bool choose_new(struct ca *w, const char *word, struct err *e)
{
	if (!choose_account(w, word, false, e))
		return false;
	if (!w->account) {
		json_object_set_new(w->o.certificate, spec_name(KEY_CA), json_string(word));
		w->account = ca_accounts_choose(&w->i.ca_accounts, &w->o, NULL, e);
	}
	const char *source = w->account ? spec_text(w->account->settings, KEY_EAB_KEY) : NULL;
	char *key = source ? secret_value(source, e) : NULL;
	bool ok = w->account && (!source || key || err_prefix(e, "--eab-key"));
	mem_wipe_free(key);
	return ok;
}

/* Whose account it is has agreed to the terms long ago. */
static bool choose_import(struct ca *w, const char *word, struct err *e)
{
	const char *file = spec_text(w->o.run, KEY_KEY);
	if (!file)
		return err_set(
		    e, "which key is it? add --key FILE: certbot's private_key.json, lego's "
		       "accounts/.../keys/*.key, dehydrated's account_key.pem, acme.sh's account.key");
	char *source = xasprintf("file:%s", file);
	bool ok = choose_account(w, word, true, e) && w->account &&
	          ca_account_apply(w->account, w->o.ca, e) &&
	          ((w->key = secret_value(source, e)) || err_prefix(e, "--key"));
	free(source);
	if (ok)
		json_object_set_new(w->account->settings, spec_name(KEY_AGREE_TOS), json_true());
	return ok;
}

static bool choose(struct ca *w, const char *task, const char *word, struct err *e)
{
	bool email = json_object_get(w->o.ca, spec_name(KEY_EMAIL));
	if (strcmp(task, "import") != 0 && spec_text(w->o.run, KEY_KEY))
		return err_set(e, "--key is for dnsproof ca import");
	if (strcmp(task, "register") == 0)
		return choose_new(w, word, e);
	if (strcmp(task, "import") == 0)
		return choose_import(w, word, e);
	if (!find(w, word, e))
		return false;
	if (strcmp(task, "update") == 0 && !email)
		return err_set(e, "dnsproof ca update changes the contact address; add --email ADDR");
	if (strcmp(task, "update") != 0 && email)
		return err_set(e, "--email is for dnsproof ca register and dnsproof ca update");
	return ca_account_apply(w->account, w->o.ca, e) &&
	       (strcmp(task, "deactivate") != 0 || is_unused(w, e));
}

/* Half renamed it has two names, and what changes the account by the one would be unknown to the other. */
static bool has_one_name(const struct ca *w, const char *task, struct err *e)
{
	char *other =
	    strcmp(task, "show") == 0 ? NULL : renaming_other(RENAMING_CA, w->state, w->account->name);
	bool ok = !other || err_set(e,
	                            "CA account %s is being renamed (%s is its other name); type dnsproof ca "
	                            "rename with both names first",
	                            w->account->name, other);
	free(other);
	return ok;
}

static bool remember(struct ca *w, const char *task, struct err *e)
{
	if (strcmp(task, "deactivate") == 0)
		return ca_account_retire(w->account, w->state, e);
	w->account->tried = false;
	return ca_account_write(w->account, w->state, e);
}

/* Keeper and engine learn of this one account alone. */
static int work(struct ca *w, const char *task)
{
	struct ca_accounts one = {.at = w->account, .n = 1};
	struct dns_accounts none = {0};
	struct job job = {.state = w->state,
	                  .command = JOB_CA,
	                  .task = task,
	                  .key = w->key,
	                  .accounts = &none,
	                  .ca_accounts = &one,
	                  .options = &w->o};
	struct err e;
	enum exit_code code = state_open(w->state, true, &e);
	bool writes = w->account->tried && !w->key; /* an import that fails leaves nothing */
	if (code != EXIT_DONE || (writes && !ca_account_write(w->account, w->state, &e)))
		return events_refuse(code == EXIT_DONE ? EXIT_FAILED : code, &e);
	struct processes_result r = run_job(&job);
	if (r.code == EXIT_DONE && !r.signum && !r.broken && !remember(w, task, &e))
		r.code = (enum exit_code)events_refuse(EXIT_FAILED, &e);
	return run_end(&r, w->state, &w->o);
}

static bool load(struct ca *w, struct err *e)
{
	w->state = state_path(spec_text(w->o.run, KEY_STATE), e);
	return w->state && state_check(w->state, e) && inventory_accounts(&w->i, w->state, e);
}

static int run(struct ca *w)
{
	static const char *const tasks[] = {"show", "register", "import", "update", "rollover", "deactivate"};
	const char *word = w->o.names.n ? w->o.names.at[0] : "", *task = NULL;
	bool lists = strcmp(word, "list") == 0;
	struct err e;
	if (strcmp(word, "rename") == 0)
		return ca_rename(&w->o);
	for (size_t i = 0; i < sizeof tasks / sizeof tasks[0]; i++)
		if (strcmp(tasks[i], word) == 0)
			task = tasks[i];
	bool ok =
	    lists || task ||
	    err_set(&e,
	            "dnsproof ca needs list, show, register, import, update, rollover, rename or deactivate; "
	            "dnsproof help ca");
	if (ok && lists && w->o.names.n > 1)
		ok = err_set(&e, "dnsproof ca list takes no names: it lists all accounts");
	if (ok && task && w->o.names.n != 2)
		ok = err_set(&e, "dnsproof ca %s needs one %s; dnsproof help ca", task,
		             strcmp(task, "register") == 0 || strcmp(task, "import") == 0 ? "CA" : "account");
	if (!ok || !load(w, &e) ||
	    (task && !(choose(w, task, w->o.names.at[1], &e) && has_one_name(w, task, &e))))
		return events_refuse(EXIT_USAGE, &e);
	return lists ? list(w) : work(w, task);
}

int cmd_ca(int argc, char **argv)
{
	struct ca w = {0};
	int code;
	if (options_begin(SPEC_CA, argc, argv, &w.o, &code))
		code = run(&w);
	options_free(&w.o);
	inventory_free(&w.i);
	mem_wipe_free(w.key);
	free(w.state);
	return code;
}
