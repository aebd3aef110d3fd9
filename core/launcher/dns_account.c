#include "config.h"

#include "launcher/dns_account.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/provider_options.h"
#include "launcher/environment.h"
#include "launcher/jsonfile.h"
#include "launcher/literal_secret.h"
#include "launcher/secret.h"
#include "launcher/setting.h"

#define DIGEST 17 /* of the settings, behind the name */

static void dns_account_clear(struct dns_account *a)
{
	free(a->name);
	free(a->provider);
	json_decref(a->settings);
	json_decref(a->lacks);
}

void dns_accounts_free(struct dns_accounts *all)
{
	for (size_t i = 0; i < all->n; i++)
		dns_account_clear(&all->at[i]);
	free(all->at);
	memset(all, 0, sizeof *all);
}

struct dns_account *dns_accounts_find(const struct dns_accounts *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->at[i].name, name) == 0)
			return &all->at[i];
	return NULL;
}

json_t *dns_account_set(const struct dns_account *a)
{
	return json_object_get(a->settings, spec_name(KEY_SET));
}

/* settings: stolen */
static struct dns_account *dns_account_add(struct dns_accounts *all, const char *name, const char *provider,
                                           json_t *settings)
{
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	struct dns_account *a = &all->at[all->n++];
	*a = (struct dns_account){.name = xstrdup(name), .provider = xstrdup(provider), .settings = settings};
	return a;
}

static char *name_of(const char *prefix, const char *provider, const json_t *set, const json_t *zones,
                     const json_t *targets)
{
	json_t *whole = json_pack("{s:s, s:O}", "provider", provider, "options", set);
	if (json_array_size(zones))
		json_object_set(whole, "zones", (json_t *)zones);
	if (json_array_size(targets))
		json_object_set(whole, "targets", (json_t *)targets);
	char *text = json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS);
	char *name = xasprintf("%s-%016llx", prefix, (unsigned long long)fnv64(text));
	free(text);
	json_decref(whole);
	return name;
}

char *dns_account_name(const char *provider, const json_t *set, const json_t *zones)
{
	return name_of(provider, provider, set, zones, NULL);
}

/* What its name does not say. */
static void configure(struct dns_account *a, const json_t *settings)
{
	if (spec_yes(settings, KEY_ALLOW_READABLE))
		json_object_set_new(a->settings, spec_name(KEY_ALLOW_READABLE), json_true());
	json_object_del(a->settings, spec_name(KEY_BOTH));
	if (spec_yes(settings,
	             KEY_BOTH)) /* as it is where the account is new: what depends on it is the same */
		json_object_set_new(a->settings, spec_name(KEY_BOTH), json_true());
}

struct dns_account *dns_accounts_configured(struct dns_accounts *all, const char *name, const char *provider,
                                            const json_t *settings)
{
	char *used = name_of(name, provider, json_object_get(settings, spec_name(KEY_SET)),
	                     spec_list(settings, KEY_ZONE), spec_list(settings, KEY_CNAME_TARGET));
	struct dns_account *a = dns_accounts_find(all, used);
	if (!a)
		a = dns_account_add(all, used, provider, json_copy((json_t *)settings));
	else
		configure(a, settings);
	free(used);
	return a;
}

static bool has_entry(const json_t *list, const json_t *v)
{
	const json_t *one;
	size_t i;
	json_array_foreach(list, i, one) if (json_equal(one, v)) return true;
	return false;
}

/* What is given, and what is there besides. */
static void unite_targets(json_t *settings, const json_t *from)
{
	const json_t *given = spec_list(from, KEY_CNAME_TARGET), *old = spec_list(settings, KEY_CNAME_TARGET);
	json_t *all = json_array(), *v;
	size_t i;
	json_array_foreach(given, i, v) if (!has_entry(all, v)) json_array_append(all, v);
	json_array_foreach(old, i, v) if (!has_entry(all, v)) json_array_append(all, v);
	if (json_array_size(all))
		json_object_set(settings, spec_name(KEY_CNAME_TARGET), all);
	json_decref(all);
}

void dns_account_extend(struct dns_account *a, const json_t *settings)
{
	unite_targets(a->settings, settings);
	if (spec_yes(settings, KEY_ALLOW_READABLE))
		json_object_set_new(a->settings, spec_name(KEY_ALLOW_READABLE), json_true());
}

static bool set_is_strings(const json_t *set)
{
	const char *key;
	json_t *v;
	if (!json_is_object(set))
		return false;
	json_object_foreach((json_t *)set, key, v) if (!json_is_string(v)) return false;
	return true;
}

static bool store(const struct dns_account *a, const char *folder, struct err *e)
{
	char *file = xasprintf("%s.json", a->name);
	json_t *json = json_copy(a->settings);
	json_object_set_new(json, "provider", json_string(a->provider));
	if (a->lacks)
		json_object_set(json, "lacks", a->lacks);
	bool ok = jsonfile_write(folder, file, json, e);
	json_decref(json);
	free(file);
	return ok;
}

static bool ends_equal(const char *name, const char *other)
{
	const char *hash = strrchr(name, '-'), *right = strrchr(other, '-');
	return hash && strcmp(hash, right) == 0;
}

/* The name ends in the hash of its options, of which some are gone then. */
static bool is_named(const char *name, const char *provider, const json_t *settings, const json_t *lacks)
{
	if (json_array_size(lacks))
		return true;
	const json_t *set = json_object_get(settings, spec_name(KEY_SET)),
	             *zones = spec_list(settings, KEY_ZONE);
	char *issued = dns_account_name(provider, set, zones);
	char *configured = name_of("", provider, set, zones, spec_list(settings, KEY_CNAME_TARGET));
	bool ok = ends_equal(name, issued) || ends_equal(name, configured);
	free(configured);
	free(issued);
	return ok;
}

/* Reads one file into all; false with e empty when it is absent. */
static bool dns_account_load(struct dns_accounts *all, const char *folder, const char *name, struct err *e)
{
	char *file = xasprintf("%s.json", name);
	json_t *json = jsonfile_read(folder, file, e), *settings = json_object();
	json_t *lacks = json_object_get(json, "lacks");
	const char *provider = json_string_value(json_object_get(json, "provider"));
	struct err ignored;
	bool ok = provider && spec_copy(settings, json, SPEC_DNS_ACCOUNT, &ignored) &&
	          set_is_strings(json_object_get(settings, spec_name(KEY_SET))) &&
	          is_named(name, provider, settings, lacks);
	if (ok) {
		struct dns_account *a = dns_account_add(all, name, provider, json_incref(settings));
		a->lacks = json_incref(lacks);
		a->old = json_object_get(json, spec_table[KEY_SET].once);
	} else if (json)
		err_set(e,
		        "%s/%s does not hold the DNS account of its name (was it edited?); move "
		        "it away and give --dns and --set again",
		        folder, file);
	json_decref(settings);
	json_decref(json);
	free(file);
	return ok;
}

static void tell_lost(const struct dns_account *a, const char *folder, const struct strs *gone,
                      struct strs *warnings)
{
	char *keys = strs_join(gone, ", ");
	struct buf b;
	buf_init(&b, 0);
	buf_printf(
	    &b,
	    "%s/%s.json held a secret in plain text (%s of %s), stored by an older version; it was removed. "
	    "Put it into a file that only you can read and type --dns %s",
	    folder, a->name, keys, a->provider, a->provider);
	for (size_t i = 0; i < gone->n; i++)
		buf_printf(&b, " --set %s=file:PATH", gone->at[i]);
	strs_add(warnings, b.data);
	buf_free(&b);
	free(keys);
}

/* Older versions stored what was typed before it was judged. The file is written in the form of now, so that it is not
 * judged again. */
static void modernize(struct dns_account *a, const char *folder, struct strs *warnings)
{
	struct strs gone = {0};
	struct err e;
	bool judged = literal_secrets_drop(dns_account_set(a), a->provider, &gone);
	for (size_t i = 0; i < gone.n; i++) {
		if (!a->lacks)
			a->lacks = json_array();
		json_array_append_new(a->lacks, json_string(gone.at[i]));
	}
	bool stored = judged && store(a, folder, &e);
	if (gone.n && stored)
		tell_lost(a, folder, &gone, warnings);
	else if (gone.n)
		strs_add(warnings, e.text);
	strs_free(&gone);
}

bool dns_accounts_load(struct dns_accounts *all, const char *state, struct strs *warnings, struct err *e)
{
	char *folder = xasprintf("%s/dns", state);
	struct strs names = {0};
	bool ok = jsonfile_list(folder, &names, e);
	for (size_t i = 0; i < names.n; i++)
		if (!dns_account_load(all, folder, names.at[i], e) && e->text[0])
			strs_add(warnings, e->text);
	for (size_t i = 0; i < all->n; i++)
		if (all->at[i].old)
			modernize(&all->at[i], folder, warnings);
	strs_free(&names);
	free(folder);
	return ok;
}

/* A file that the provider host itself reads: not a secret, its path is the value. */
static bool is_path(const char *key)
{
	return strcmp(key, "ca_bundle") == 0;
}

/* The value as it is remembered, good in every folder; new string. NULL with e. */
static char *option_value(const char *key, const char *text, struct err *e)
{
	char here[PATH_MAX] = "";
	bool path = is_path(key);
	if (!path && !secret_is_source(text))
		return xstrdup(text);
	const char *name = str_starts(text, "file:") ? text + strlen("file:") : text;
	if (*name != '/' && (path || str_starts(text, "file:")) && !getcwd(here, sizeof here)) {
		err_set(e, "the current folder is gone (%s); give an absolute path", strerror(errno));
		return NULL;
	}
	if (!path)
		return secret_absolute(text, here, e);
	return *name == '/' ? xstrdup(name) : xasprintf("%s/%s", here, name);
}

/* The options as they are remembered; new, NULL with e. */
static json_t *choice_set(const struct dns_choice *choice, struct err *e)
{
	json_t *set = json_object(), *v;
	const char *key;
	json_object_foreach(choice->set, key, v)
	{
		char *value = option_value(key, json_string_value(v), e);
		if (!value) {
			err_prefix(e, "--set %s", key);
			json_decref(set);
			return NULL;
		}
		json_object_set_new(set, key, json_string(value));
		mem_wipe_free(value);
	}
	return set;
}

static bool has_source(const json_t *set)
{
	const char *key;
	json_t *v;
	json_object_foreach((json_t *)set, key, v) if (secret_is_source(json_string_value(v))) return true;
	return false;
}

/* Where a secret is given the environment has no say, and the provider need not be asked for its names: that would
 * start a program. */
static void fill_from_environment(json_t *set, const char *provider)
{
	if (has_source(set))
		return;
	json_t *table = provider_options(provider);
	environment_fill(set, table);
	json_decref(table);
}

struct dns_account *dns_accounts_choose(struct dns_accounts *all, const struct dns_choice *choice,
                                        struct err *e)
{
	json_t *provider = setting_value(KEY_PROVIDER, choice->provider, e);
	json_t *set = provider ? choice_set(choice, e) : NULL;
	if (!provider)
		err_prefix(e, "--dns %s", choice->provider);
	json_decref(provider);
	if (!set)
		return NULL;
	fill_from_environment(set, choice->provider);
	json_t *zones = json_object_get(choice->settings, spec_name(KEY_ZONE));
	char *name = dns_account_name(choice->provider, set, zones);
	struct dns_account *a = dns_accounts_find(all, name);
	if (!a) {
		json_t *settings = json_pack("{s:O}", spec_name(KEY_SET), set);
		if (zones)
			json_object_set(settings, spec_name(KEY_ZONE), zones);
		a = dns_account_add(all, name, choice->provider, settings);
	} else if (a->lacks) {
		json_object_set(a->settings, spec_name(KEY_SET), set); /* dns_account_check refuses it */
	} else if (!json_equal(dns_account_set(a), set) || strcmp(a->provider, choice->provider) != 0) {
		err_set(e, "DNS account %s is remembered with other options; move its file away", name);
		a = NULL;
	}
	if (a)
		dns_account_extend(a, choice->settings);
	free(name);
	json_decref(set);
	return a;
}

bool dns_account_check(const struct dns_account *a, struct err *e)
{
	const char *key;
	json_t *v;
	struct secret s;
	bool readable = spec_yes(a->settings, KEY_ALLOW_READABLE);
	const char *lost = json_string_value(json_array_get(a->lacks, 0));
	if (lost)
		return err_set(e,
		               "DNS account %s lacks its option %s, which had been given in plain text; type "
		               "--dns %s --set %s=file:PATH and its other options",
		               a->name, lost, a->provider, lost);
	json_object_foreach(dns_account_set(a), key, v)
	{
		if (!secret_is_source(json_string_value(v)))
			continue;
		if (!secret_open(json_string_value(v), readable, &s, e))
			return err_prefix(e, "option %s of %s", key, a->provider);
		secret_close(&s);
	}
	return true;
}

static void unite_stored(struct dns_account *a, const char *folder)
{
	struct dns_accounts stored = {0};
	struct err ignored;
	if (dns_account_load(&stored, folder, a->name, &ignored))
		unite_targets(a->settings, stored.at[0].settings);
	dns_accounts_free(&stored);
}

bool dns_account_write(struct dns_account *a, const char *state, struct err *e)
{
	char *folder = xasprintf("%s/dns", state);
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = lock >= 0 && flock(lock, LOCK_EX) == 0;
	if (ok) {
		unite_stored(a, folder);
		ok = store(a, folder, e);
	} else {
		err_set(e, "%s: %s", folder, strerror(errno));
	}
	if (lock >= 0)
		close(lock);
	free(folder);
	return ok;
}

/* Of the label; the rest is "-" and 16 hexadecimal digits. */
static size_t label_length(const char *name)
{
	size_t n = strlen(name);
	bool digest = n > DIGEST && name[n - DIGEST] == '-' &&
	              strspn(name + n - DIGEST + 1, "0123456789abcdef") == DIGEST - 1;
	return digest ? n - DIGEST : n;
}

char *dns_account_label(const char *name)
{
	return xstrndup(name, label_length(name));
}

bool dns_account_is(const char *name, const char *label)
{
	size_t n = label_length(name);
	return strcmp(name, label) == 0 || (strlen(label) == n && strncmp(name, label, n) == 0);
}
