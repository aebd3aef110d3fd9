#include "config.h"

#include "launcher/ca_account.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/ca_preset.h"
#include "launcher/jsonfile.h"

#define URL_MOST 1000

static void ca_account_clear(struct ca_account *a)
{
	free(a->name);
	free(a->directory);
	json_decref(a->settings);
	json_decref(a->remembered);
	json_decref(a->limits);
}

void ca_accounts_free(struct ca_accounts *all)
{
	for (size_t i = 0; i < all->n; i++)
		ca_account_clear(&all->at[i]);
	free(all->at);
	memset(all, 0, sizeof *all);
}

struct ca_account *ca_accounts_find(const struct ca_accounts *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].name, name) == 0)
			return &all->at[i];
	return NULL;
}

static struct ca_account *ca_account_add(struct ca_accounts *all, const char *name, const char *directory)
{
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	struct ca_account *a = &all->at[all->n++];
	memset(a, 0, sizeof *a);
	a->name = xstrdup(name);
	a->directory = xstrdup(directory);
	a->settings = json_object();
	a->tried = true;
	return a;
}

static void configure(struct ca_account *a, json_t *settings, json_t *limits)
{
	json_decref(a->settings);
	json_decref(a->limits);
	a->settings = settings;
	a->limits = json_incref(limits);
	a->configured = true;
	a->tried = false;
}

void ca_accounts_configured(struct ca_accounts *all, const char *name, const char *directory,
                            json_t *settings, json_t *limits)
{
	configure(ca_account_add(all, name, directory), settings, limits);
}

struct ca_account *ca_accounts_take(struct ca_accounts *all, const struct ca_account *wanted, struct err *e)
{
	struct ca_account *a = ca_accounts_find(all, wanted->name);
	if (a && strcmp(a->directory, wanted->directory) != 0) {
		err_set(
		    e,
		    "CA account %s is at %s in the configuration, but has been at %s; give the new account "
		    "another name",
		    a->name, wanted->directory, a->directory);
		return NULL;
	}
	if (!a)
		a = ca_account_add(all, wanted->name, wanted->directory);
	configure(a, json_incref(wanted->settings), wanted->limits);
	return a;
}

static bool url_is_fine(const char *url, size_t host)
{
	if (host == 0 || strlen(url) > URL_MOST)
		return false;
	for (const char *c = url; *c; c++)
		if (!isgraph((unsigned char)*c) || strchr("\"<>\\^`{|}@#", *c))
			return false;
	return true;
}

static bool unknown(const char *ca, struct err *e)
{
	const struct ca_preset *near = ca_preset_nearest(ca);
	char *names = ca_preset_names();
	if (str_starts(ca, "http://"))
		err_set(e, "--ca %s: a CA is asked by https only; type https://...", ca);
	else if (near && near->directory)
		err_set(e, "--ca %s: there is no such CA; did you mean %s?", ca, near->name);
	else
		err_set(e, "--ca %s: type %s or the https:// URL of an ACME directory", ca, names);
	free(names);
	return false;
}

/* The name of an account at a directory that has no preset: its host and a hash. */
static bool url_name(const char *ca, char **name, char **directory, struct err *e)
{
	if (strncasecmp(ca, "https://", strlen("https://")) != 0)
		return unknown(ca, e);
	const char *host = ca + strlen("https://");
	size_t n = strcspn(host, "/?");
	if (!url_is_fine(ca, n))
		return err_set(e, "--ca %s: not the URL of an ACME directory (https://HOST/PATH)", ca);
	char *label = xstrndup(host, n < 100 ? n : 100);
	for (char *c = label; *c; c++)
		*c = isalnum((unsigned char)*c) || *c == '.' ? (char)tolower((unsigned char)*c) : '-';
	*directory = xasprintf("https://%s", host);
	*name = xasprintf("%s%s-%016llx", isalnum((unsigned char)*label) ? "" : "ca", label,
	                  (unsigned long long)fnv64(*directory));
	free(label);
	return true;
}

bool ca_account_name(const char *ca, char **name, char **directory, struct err *e)
{
	const struct ca_preset *preset = ca_preset_find(ca);
	if (preset && !preset->directory)
		return err_set(e, "--ca %s: %s issues no certificates any more; choose another CA", ca,
		               preset->label);
	if (!preset)
		return url_name(ca, name, directory, e);
	*name = xstrdup(preset->name);
	*directory = xstrdup(preset->directory);
	return true;
}

typedef bool name_fn(const char *ca, char **name, char **directory, struct err *e);

static bool is_named(name_fn *fn, const char *directory, const char *name)
{
	char *right = NULL, *same = NULL;
	struct err ignored;
	bool ok = fn(directory, &right, &same, &ignored) && !strcmp(right, name) && !strcmp(same, directory);
	free(right);
	free(same);
	return ok;
}

static bool ca_account_load(struct ca_accounts *all, const char *folder, const char *name, struct err *e)
{
	char *file = xasprintf("%s.json", name);
	json_t *json = jsonfile_read(folder, file, e);
	const char *directory = json_string_value(json_object_get(json, "directory"));
	struct err ignored;
	/* An account may be older than the preset of its directory. */
	bool configured = json_is_true(json_object_get(json, "configured"));
	bool ok = directory && (configured || is_named(ca_account_name, directory, name) ||
	                        is_named(url_name, directory, name));
	if (ok) {
		struct ca_account *a = ca_account_add(all, name, directory);
		a->tried = json_is_true(json_object_get(json, "tried"));
		a->configured = configured;
		ok = spec_copy(a->settings, json, SPEC_CA_ACCOUNT, &ignored);
	} else if (json) {
		err_set(e,
		        "%s/%s does not hold the CA account of its name (was it edited?); move it "
		        "away and give --ca again",
		        folder, file);
	}
	json_decref(json);
	free(file);
	return ok;
}

bool ca_accounts_load(struct ca_accounts *all, const char *state, struct strs *damaged, struct err *e)
{
	char *folder = xasprintf("%s/ca", state);
	struct strs names = {0};
	bool ok = jsonfile_list(folder, &names, e);
	for (size_t i = 0; i < names.n; i++)
		if (!ca_account_load(all, folder, names.at[i], e) && e->text[0])
			strs_add(damaged, e->text);
	strs_free(&names);
	free(folder);
	return ok;
}

static char *bundle_path(const char *given, struct err *e)
{
	char path[PATH_MAX];
	struct stat st;
	if (!realpath(given, path) || access(path, R_OK) < 0 || stat(path, &st) < 0) {
		err_set(e, "--ca-bundle %s: %s; name a readable file of certificates (PEM)", given,
		        strerror(errno));
		return NULL;
	}
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		return xstrdup(path);
	err_set(e, "--ca-bundle %s: %s; name a readable file of certificates (PEM)", given,
	        S_ISREG(st.st_mode) ? "the file is empty" : "this is not a file");
	return NULL;
}

/* The word that takes a setting back. */
static bool takes_back(const char *key, const char *value)
{
	return (strcmp(key, spec_name(KEY_CA_BUNDLE)) == 0 && strcmp(value, "system") == 0) ||
	       (strcmp(key, spec_name(KEY_PROXY)) == 0 && strcmp(value, "none") == 0);
}

bool ca_account_apply(struct ca_account *a, const json_t *given, struct err *e)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)given, key, v)
	{
		const char *text = json_string_value(v);
		char *bundle = NULL;
		if (text && takes_back(key, text)) {
			json_object_del(a->settings, key);
			continue;
		}
		if (strcmp(key, spec_name(KEY_CA_BUNDLE)) == 0 && !(bundle = bundle_path(text, e)))
			return false;
		json_object_set_new(a->settings, key, bundle ? json_string(bundle) : json_incref(v));
		free(bundle);
	}
	bool kid = json_object_get(a->settings, spec_name(KEY_EAB_KID));
	bool hmac = json_object_get(a->settings, spec_name(KEY_EAB_KEY));
	return kid == hmac ||
	       err_set(e, "%s needs %s beside it; the CA's web site shows both",
	               kid ? "--eab-kid" : "--eab-key", kid ? "--eab-key SOURCE" : "--eab-kid KID");
}

char *ca_account_label(const struct ca_account *a)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	const char *host = a->directory + strlen("https://");
	return preset ? xstrdup(preset->label) : xstrndup(host, strcspn(host, "/?"));
}

/* What the CA wants of a person before it takes an account. */
static bool may_register(const struct ca_account *a, struct err *e)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	char *label = ca_account_label(a);
	bool agreed = spec_yes(a->settings, KEY_AGREE_TOS);
	bool bound = !a->tried || !preset || !preset->binding || spec_text(a->settings, KEY_EAB_KID);
	if (!bound)
		err_set(e,
		        "%s takes only accounts with an external account binding: it gives a key ID and an "
		        "HMAC key (%s); then add --eab-kid KID --eab-key file:PATH%s",
		        label, preset->binding, agreed ? "" : " --agree-tos");
	else if (!agreed)
		err_set(e,
		        "you have not agreed to the terms of service of %s%s%s%s; read them, then type the "
		        "same command with --agree-tos",
		        label, preset ? " (" : "", preset ? preset->terms : "", preset ? ")" : "");
	free(label);
	return bound && agreed;
}

struct ca_account *ca_accounts_choose(struct ca_accounts *all, const struct options *o,
                                      const char *remembered, struct err *e)
{
	char *name = NULL, *directory = NULL;
	struct ca_account *a = NULL;
	const char *given = json_string_value(json_object_get(o->certificate, spec_name(KEY_CA)));
	const char *ca = spec_text(o->certificate, KEY_CA);
	if (!given && remembered)
		a = ca_accounts_find(all, remembered);
	if (!a) {
		if (!ca_account_name(ca, &name, &directory, e))
			return NULL;
		a = ca_accounts_find(all, name);
		if (!a)
			a = ca_account_add(all, name, directory);
	}
	free(name);
	free(directory);
	if (a->tried)
		json_object_clear(a->settings);
	return ca_account_apply(a, o->ca, e) && may_register(a, e) ? a : NULL;
}

json_t *ca_account_shared(const struct ca_account *a)
{
	static const enum spec_key own[] = {KEY_STAGING, KEY_ACCOUNT_URI, KEY_EAB_KID, KEY_EAB_KEY,
	                                    KEY_CACHE};
	json_t *settings = json_copy(a->settings);
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		json_object_del(settings, spec_name(own[i]));
	return settings;
}

static bool serves_as_backup(const struct ca_account *a, const char *first, struct err *e)
{
	const struct ca_preset *preset = ca_preset_find(a->directory);
	if (strcmp(a->name, first) == 0)
		return err_set(e, "it is the certificate's first CA; name another");
	if (a->tried && preset && preset->binding)
		return err_set(e,
		               "%s takes only accounts with an external account binding; first type dnsproof "
		               "ca register %s --agree-tos --eab-kid KID --eab-key file:PATH (%s)",
		               preset->label, preset->name, preset->binding);
	return may_register(a, e);
}

static struct ca_account *choose_backup(struct ca_accounts *all, const char *first, const char *word,
                                        struct err *e)
{
	struct ca_account *a = ca_accounts_at(all, word, e);
	const struct ca_account *from = ca_accounts_find(all, first);
	if (a && from && a != from && a->tried) {
		json_decref(a->settings);
		a->settings = ca_account_shared(from);
	}
	return a && serves_as_backup(a, first, e) ? a : NULL;
}

struct ca_account *ca_accounts_backup(struct ca_accounts *all, const char *first, const char *word,
                                      struct err *e)
{
	struct ca_account *a = choose_backup(all, first, word, e);
	if (!a && !str_starts(e->text, "--ca ")) {
		err_prefix(e, "--backup-ca %s", word);
	} else if (!a) {
		char *text = xstrdup(e->text + strlen("--ca "));
		err_set(e, "--backup-ca %s", text);
		free(text);
	}
	return a;
}

bool ca_account_write(const struct ca_account *a, const char *state, struct err *e)
{
	char *folder = xasprintf("%s/ca", state), *file = xasprintf("%s.json", a->name);
	json_t *json = json_copy(a->settings);
	json_object_set_new(json, "directory", json_string(a->directory));
	if (a->tried)
		json_object_set_new(json, "tried", json_true());
	if (a->configured)
		json_object_set_new(json, "configured", json_true());
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free(file);
	free(folder);
	return ok;
}

struct ca_account *ca_accounts_meant(const struct ca_accounts *all, const char *word)
{
	struct ca_account *a = ca_accounts_find(all, word);
	char *name = NULL, *directory = NULL;
	struct err ignored;
	if (!a && ca_account_name(word, &name, &directory, &ignored))
		a = ca_accounts_find(all, name);
	free(name);
	free(directory);
	return a;
}

struct ca_account *ca_accounts_at(struct ca_accounts *all, const char *word, struct err *e)
{
	struct ca_account *a = ca_accounts_meant(all, word);
	char *name = NULL, *directory = NULL;
	if (!a && ca_account_name(word, &name, &directory, e))
		a = ca_account_add(all, name, directory);
	free_all(name, directory);
	return a;
}

struct ca_account *ca_accounts_of(const struct ca_accounts *all, const char *directory)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].directory, directory) == 0)
			return &all->at[i];
	return NULL;
}

bool ca_account_retire(const struct ca_account *a, const char *state, struct err *e)
{
	char *file = xasprintf("%s/ca/%s.json", state, a->name);
	char *key = xasprintf("%s/keys/%s.pem", state, a->name), *kept = xasprintf("%s.deactivated", key);
	bool ok = (rename(key, kept) == 0 || errno == ENOENT || err_set(e, "%s: %s", key, strerror(errno))) &&
	          (unlink(file) == 0 || errno == ENOENT || err_set(e, "%s: %s", file, strerror(errno)));
	free_all(file, key, kept);
	return ok;
}
