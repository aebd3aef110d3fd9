#include "config.h"

#include "launcher/dns_account.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/mem.h"
#include "launcher/provider_options.h"
#include "launcher/environment.h"
#include "launcher/jsonfile.h"
#include "launcher/secret.h"
#include "launcher/strings.h"

static void dns_account_clear(struct dns_account *a)
{
	free(a->name);
	free(a->provider);
	json_decref(a->options);
	strs_free(&a->zones);
	strs_free(&a->targets);
	strs_free(&a->servers);
	strs_free(&a->resolvers);
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

static struct dns_account *dns_account_add(struct dns_accounts *all, const char *name, const char *provider,
                                           json_t *options)
{
	all->at = xgrow(all->at, all->n, sizeof *all->at);
	struct dns_account *a = &all->at[all->n++];
	memset(a, 0, sizeof *a);
	a->name = xstrdup(name);
	a->provider = xstrdup(provider);
	a->options = json_incref(options);
	return a;
}

char *dns_account_name(const char *provider, const json_t *options)
{
	json_t *whole = json_pack("{s:s, s:O}", "provider", provider, "options", options);
	char *text = json_dumps(whole, JSON_COMPACT | JSON_SORT_KEYS);
	char *name = xasprintf("%s-%016llx", provider, (unsigned long long)fnv64(text));
	free(text);
	json_decref(whole);
	return name;
}

static void unite(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; i < from->n; i++)
		if (!strs_has(to, from->at[i]))
			strs_add(to, from->at[i]);
}

static size_t zone_length(const char *servers)
{
	return strcspn(servers, "=") + 1;
}

/* The servers of a zone that is given replace the remembered ones of that zone. */
static void unite_servers(struct strs *to, const struct strs *from)
{
	struct strs all = {0};
	for (size_t i = 0; i < from->n; i++)
		strs_add(&all, from->at[i]);
	for (size_t i = 0; i < to->n; i++) {
		bool given = false;
		for (size_t k = 0; k < from->n; k++)
			given = given || strncmp(to->at[i], from->at[k], zone_length(to->at[i])) == 0;
		if (!given)
			strs_add(&all, to->at[i]);
	}
	strs_free(to);
	*to = all;
}

void dns_account_extend(struct dns_account *a, const struct strs *targets, const struct strs *servers,
                        const struct strs *resolvers)
{
	unite(&a->targets, targets);
	unite_servers(&a->servers, servers);
	if (resolvers->n) {
		strs_free(&a->resolvers);
		memset(&a->resolvers, 0, sizeof a->resolvers);
		unite(&a->resolvers, resolvers);
	}
}

static bool options_are_strings(const json_t *options)
{
	const char *key;
	json_t *v;
	if (!json_is_object(options))
		return false;
	json_object_foreach((json_t *)options, key, v) if (!json_is_string(v)) return false;
	return true;
}

/* Reads one file into all; false with e empty when it is absent. */
static bool dns_account_load(struct dns_accounts *all, const char *folder, const char *name, struct err *e)
{
	char *file = xasprintf("%s.json", name), *provider = NULL, *right = NULL;
	json_t *json = jsonfile_read(folder, file, e);
	json_t *options = json_object_get(json, "options");
	if (json)
		provider = xstrdup(json_string_value(json_object_get(json, "provider")));
	if (provider && options_are_strings(options))
		right = dns_account_name(provider, options);
	bool ok = right && strcmp(right, name) == 0;
	if (ok) {
		struct dns_account *a = dns_account_add(all, name, provider, options);
		strings_take(&a->zones, json_object_get(json, "zones"));
		strings_take(&a->targets, json_object_get(json, "targets"));
		strings_take(&a->servers, json_object_get(json, "servers"));
		strings_take(&a->resolvers, json_object_get(json, "resolvers"));
	} else if (json) {
		err_set(e,
		        "%s/%s does not hold the DNS account of its name (was it edited?); move "
		        "it away and give --dns and --set again",
		        folder, file);
	}
	json_decref(json);
	free(right);
	free(provider);
	free(file);
	return ok;
}

bool dns_accounts_load(struct dns_accounts *all, const char *state, struct strs *damaged, struct err *e)
{
	char *folder = xasprintf("%s/dns", state);
	struct strs names = {0};
	bool ok = jsonfile_list(folder, &names, e);
	for (size_t i = 0; i < names.n; i++)
		if (!dns_account_load(all, folder, names.at[i], e) && e->text[0])
			strs_add(damaged, e->text);
	strs_free(&names);
	free(folder);
	return ok;
}

/* A file that the provider host itself reads: no secret, its path is the value. */
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
	if (!getcwd(here, sizeof here)) {
		err_set(e, "current folder: %s; give an absolute path", strerror(errno));
		return NULL;
	}
	if (!path)
		return secret_absolute(text, here, e);
	if (str_starts(text, "file:"))
		text += strlen("file:");
	return *text == '/' ? xstrdup(text) : xasprintf("%s/%s", here, text);
}

static bool option_add(json_t *options, const char *set, struct err *e)
{
	size_t n = strcspn(set, "=");
	char *key = xstrndup(set, n), *value = option_value(key, set + n + 1, e);
	if (value)
		json_object_set_new(options, key, json_string(value));
	else
		err_prefix(e, "--set %s", key);
	free(key);
	bool ok = value;
	mem_wipe_free(value);
	return ok;
}

struct dns_account *dns_accounts_choose(struct dns_accounts *all, const struct dns_choice *choice,
                                        struct err *e)
{
	json_t *options = json_object();
	bool ok = true;
	for (size_t i = 0; ok && i < choice->set.n; i++)
		ok = option_add(options, choice->set.at[i], e);
	if (ok) {
		json_t *table = provider_options(choice->provider);
		environment_fill(options, table);
		json_decref(table);
	}
	struct dns_account *a = NULL;
	if (ok) {
		char *name = dns_account_name(choice->provider, options);
		a = dns_accounts_find(all, name);
		if (!a)
			a = dns_account_add(all, name, choice->provider, options);
		else if (!json_equal(a->options, options) || strcmp(a->provider, choice->provider)) {
			err_set(e,
			        "DNS account %s is remembered with other options; move its file "
			        "away",
			        name);
			a = NULL;
		}
		free(name);
	}
	json_decref(options);
	return a;
}

bool dns_account_check(const struct dns_account *a, struct err *e)
{
	const char *key;
	json_t *v;
	struct secret s;
	json_object_foreach(a->options, key, v)
	{
		if (!secret_is_source(json_string_value(v)))
			continue;
		if (!secret_open(json_string_value(v), &s, e))
			return err_prefix(e, "option %s of %s", key, a->provider);
		secret_close(&s);
	}
	return true;
}

static json_t *dns_account_json(const struct dns_account *a)
{
	return json_pack("{s:s, s:O, s:o, s:o, s:o, s:o}", "provider", a->provider, "options", a->options,
	                 "zones", strings_json(&a->zones), "targets", strings_json(&a->targets), "servers",
	                 strings_json(&a->servers), "resolvers", strings_json(&a->resolvers));
}

static void unite_stored(struct dns_account *a, const char *folder)
{
	struct dns_accounts stored = {0};
	struct err ignored;
	if (dns_account_load(&stored, folder, a->name, &ignored)) {
		unite(&a->targets, &stored.at[0].targets);
		unite(&a->zones, &stored.at[0].zones);
	}
	dns_accounts_free(&stored);
}

bool dns_account_write(struct dns_account *a, const char *state, struct err *e)
{
	char *folder = xasprintf("%s/dns", state), *file = xasprintf("%s.json", a->name);
	int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = lock >= 0 && flock(lock, LOCK_EX) == 0;
	if (ok) {
		unite_stored(a, folder);
		json_t *json = dns_account_json(a);
		ok = jsonfile_write(folder, file, json, e);
		json_decref(json);
	} else {
		err_set(e, "%s: %s", folder, strerror(errno));
	}
	if (lock >= 0)
		close(lock);
	free(file);
	free(folder);
	return ok;
}
