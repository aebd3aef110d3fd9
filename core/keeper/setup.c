#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "keeper/folder.h"
#include "keeper/key.h"
#include "common/url.h"
#include "keeper/setup.h"

#define ACCOUNT_MOST 240
#define CERT_MOST    253
#define NAMES_MOST   1000
#define EAB_MOST     1024

struct setup {
	char *state;
	json_t *accounts, *certs; /* by name, by ID */
	json_t *names, *profiles; /* objects used as sets */
	json_t *revocations;      /* list */
	json_t *pair;             /* of command "import", else NULL */
	struct setup_pair adopted;
	bool orders, dry_run;
	bool revokes;           /* command "revoke" */
	char *remove, *archive; /* of command "remove" */
	char *task;             /* of command "ca", else NULL */
};

/* Key and its name come together or not at all. */
static bool binding_ok(const char *name, const json_t *account, struct err *e)
{
	const json_t *kid = json_object_get(account, "eab_kid"), *key = json_object_get(account, "eab_key");

	if (!kid && !key)
		return true;
	if (!json_is_string(kid) || !json_string_length(kid) || json_string_length(kid) > EAB_MOST ||
	    !json_is_string(key) || !json_string_length(key) || json_string_length(key) > EAB_MOST)
		return err_set(e, "account %s: eab_kid and eab_key must both be given", name);
	return true;
}

static bool account_add(struct setup *s, json_t *account, struct err *e)
{
	const char *name = json_string_value(json_object_get(account, "name"));
	const char *directory = json_string_value(json_object_get(account, "directory"));

	if (!name || !folder_plain(name, ACCOUNT_MOST))
		return err_set(e, "'%.100s' cannot be an account's name", name ? name : "");
	if (!directory)
		return err_set(e, "account %s has no directory URL", name);
	if (!url_valid(directory) || !url_path_plain(directory))
		return err_set(e, "account %s: '%.200s' is not a plain https URL", name, directory);
	if (!binding_ok(name, account, e))
		return false;
	json_object_set(s->accounts, name, account);
	return true;
}

static bool texts_ok(const json_t *list, size_t most, bool (*ok)(const char *))
{
	const json_t *text;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > most)
		return false;
	json_array_foreach(list, i,
	                   text) if (!json_is_string(text) || !ok(json_string_value(text))) return false;
	return true;
}

static bool name_ok(const char *name)
{
	return folder_plain(str_starts(name, "*.") ? name + 2 : name, 253);
}

static bool cert_add(struct setup *s, json_t *cert, struct err *e)
{
	const char *id = json_string_value(json_object_get(cert, "id"));
	const char *profile = json_string_value(json_object_get(cert, "profile"));
	const json_t *names = json_object_get(cert, "names"), *name;
	size_t i;

	if (!id || !folder_plain(id, CERT_MOST))
		return err_set(e, "'%.100s' cannot be a certificate's ID", id ? id : "");
	if (!texts_ok(names, NAMES_MOST, name_ok))
		return err_set(e, "certificate %s: bad list of names", id);
	if (!texts_ok(json_object_get(cert, "types"), 2, key_type_known))
		return err_set(e, "certificate %s: bad list of key types", id);
	json_array_foreach(names, i, name)
	    json_object_set_new(s->names, json_string_value(name), json_true());
	if (profile)
		json_object_set_new(s->profiles, profile, json_true());
	json_object_set(s->certs, id, cert);
	return true;
}

static bool revocation_add(struct setup *s, json_t *revoke, struct err *e)
{
	const char *id = json_string_value(json_object_get(revoke, "id"));
	const char *generation = json_string_value(json_object_get(revoke, "generation"));
	bool stored = id && generation && folder_plain(id, CERT_MOST);

	if (!s->revokes)
		return err_set(e, "a revocation in a run that revokes nothing");
	if (!stored && !json_is_string(json_object_get(revoke, "pem")))
		return err_set(e, "a revocation of no certificate");
	if (!json_is_integer(json_object_get(revoke, "reason")))
		return err_set(e, "a revocation without reason");
	json_array_append(s->revocations, revoke);
	return true;
}

static bool removal_read(struct setup *s, const json_t *line, struct err *e)
{
	const char *id = json_string_value(json_object_get(line, "remove"));
	const char *archive = json_string_value(json_object_get(line, "archive"));

	if (!id || !folder_plain(id, CERT_MOST) || (archive && !folder_plain(archive, CERT_MOST)))
		return err_set(e, "the removal of no certificate");
	s->remove = xstrdup(id);
	s->archive = archive ? xstrdup(archive) : NULL;
	return true;
}

static bool pair_read(struct setup *s, const json_t *line, struct err *e)
{
	json_t *pair = json_object_get(line, "pair");

	s->adopted = (struct setup_pair){json_string_value(json_object_get(pair, "key")),
	                                 json_string_value(json_object_get(pair, "chain")),
	                                 json_string_value(json_object_get(pair, "issuers")),
	                                 json_string_value(json_object_get(pair, "directory"))};
	s->pair = json_incref(pair);
	return (s->adopted.key && s->adopted.chain) || err_set(e, "the import of no pair");
}

static bool head_read(struct setup *s, const json_t *line, struct err *e)
{
	const char *command = json_string_value(json_object_get(line, "command"));
	const char *state = json_string_value(json_object_get(line, "state"));

	if (!state || state[0] != '/')
		return err_set(e, "\"state\" is not an absolute path");
	if (!command)
		return err_set(e, "\"command\" is missing");
	s->state = xstrdup(state);
	s->dry_run = json_is_true(json_object_get(line, "dry_run"));
	s->orders = strcmp(command, "issue") == 0 || strcmp(command, "renew") == 0;
	s->revokes = strcmp(command, "revoke") == 0;
	if (strcmp(command, "remove") == 0 && !removal_read(s, line, e))
		return false;
	if (strcmp(command, "import") == 0 && !pair_read(s, line, e))
		return false;
	if (strcmp(command, "ca") == 0)
		s->task = xstrdup(json_string_value(json_object_get(line, "task")));
	return true;
}

static bool line_read(struct setup *s, const json_t *line, struct err *e)
{
	json_t *account = json_object_get(line, "account"), *cert = json_object_get(line, "cert");
	json_t *revoke = json_object_get(line, "revoke");

	if (!s->state)
		return head_read(s, line, e);
	if (json_is_object(account))
		return account_add(s, account, e);
	if (json_is_object(cert))
		return cert_add(s, cert, e);
	if (json_is_object(revoke))
		return revocation_add(s, revoke, e);
	return err_set(e, "a line that is none of an account, a certificate, a revocation");
}

static bool lines_read(struct setup *s, const char *text, size_t n, struct err *e)
{
	json_error_t trouble;

	while (n) {
		const char *newline = memchr(text, '\n', n);
		size_t length = newline ? (size_t)(newline - text) : n;
		json_t *line = json_loadb(text, length, JSON_REJECT_DUPLICATES, &trouble);
		bool ok = json_is_object(line) ? line_read(s, line, e) : err_set(e, "%s", trouble.text);

		json_decref(line);
		if (!ok)
			return false;
		length += newline != NULL;
		text += length;
		n -= length;
	}
	return s->state || err_set(e, "it is empty");
}

struct setup *setup_parse(const char *text, size_t n, struct err *e)
{
	struct setup *s = xcalloc(1, sizeof(*s));

	s->names = json_object();
	s->profiles = json_object();
	s->accounts = json_object();
	s->certs = json_object();
	s->revocations = json_array();
	if (lines_read(s, text, n, e))
		return s;
	err_prefix(e, "setup document");
	setup_free(s);
	return NULL;
}

void setup_free(struct setup *s)
{
	if (!s)
		return;
	json_decref(s->names);
	json_decref(s->profiles);
	json_decref(s->accounts);
	json_decref(s->certs);
	json_decref(s->revocations);
	json_decref(s->pair);
	free(s->state);
	free_all(s->task, s->remove, s->archive);
	free(s);
}

const char *setup_state(const struct setup *s)
{
	return s->state;
}

bool setup_orders(const struct setup *s)
{
	return s->orders;
}

bool setup_has_task(const struct setup *s, const char *task)
{
	return s->task && strcmp(s->task, task) == 0;
}

const char *setup_import(const struct setup *s, const char *account)
{
	const json_t *found = json_object_get(s->accounts, account);

	return setup_has_task(s, "import") ? json_string_value(json_object_get(found, "import")) : NULL;
}

bool setup_is_fixed(const struct setup *s, const char *account)
{
	return json_is_true(json_object_get(json_object_get(s->accounts, account), "fixed"));
}

const json_t *setup_revocation(const struct setup *s, size_t n)
{
	return json_array_get(s->revocations, n);
}

int setup_reason(const struct setup *s, size_t n)
{
	return (int)json_integer_value(json_object_get(setup_revocation(s, n), "reason"));
}

const struct setup_pair *setup_adopted(const struct setup *s)
{
	return s->pair ? &s->adopted : NULL;
}

const char *setup_removal(const struct setup *s, const char **archive)
{
	*archive = s->archive;
	return s->remove;
}

const char *setup_directory(const struct setup *s, const char *account)
{
	const json_t *found = json_object_get(s->accounts, account);

	return json_string_value(json_object_get(found, "directory"));
}

const char *setup_issuer(const struct setup *s, const char *account)
{
	json_t *only = json_object_iter_value(json_object_iter((json_t *)s->accounts));

	if (account)
		return setup_directory(s, account);
	return json_object_size(s->accounts) == 1 ? json_string_value(json_object_get(only, "directory"))
	                                          : NULL;
}

bool setup_is_test(const struct setup *s, const char *directory)
{
	const char *name;
	json_t *account;

	json_object_foreach(s->accounts, name, account)
	{
		if (directory && strcmp(setup_directory(s, name), directory) == 0 &&
		    json_is_true(json_object_get(account, "test")))
			return true;
	}
	return false;
}

bool setup_is_trial(const struct setup *s, const char *cert, const char *account)
{
	const char *trial = json_string_value(json_object_get(json_object_get(s->certs, cert), "trial"));

	return s->dry_run || (trial && account && strcmp(trial, account) == 0);
}

bool setup_replaces_trusted(const struct setup *s, const char *cert)
{
	return json_is_true(json_object_get(json_object_get(s->certs, cert), "replace_trusted"));
}

bool setup_binding(const struct setup *s, const char *account, const char **kid, const char **key)
{
	const json_t *found = json_object_get(s->accounts, account);

	*kid = json_string_value(json_object_get(found, "eab_kid"));
	*key = json_string_value(json_object_get(found, "eab_key"));
	return *kid && *key;
}

bool setup_names(const struct setup *s, const char *cert, struct strs *names)
{
	const json_t *list = json_object_get(json_object_get(s->certs, cert), "names");
	const json_t *name;
	size_t i;

	json_array_foreach(list, i, name) strs_add(names, json_string_value(name));
	return list != NULL;
}

const char *setup_profile(const struct setup *s, const char *cert)
{
	return json_string_value(json_object_get(json_object_get(s->certs, cert), "profile"));
}

const char *setup_preferred_chain(const struct setup *s, const char *cert)
{
	return json_string_value(json_object_get(json_object_get(s->certs, cert), "preferred_chain"));
}

const char *setup_common_name(const struct setup *s, const char *cert)
{
	return json_string_value(json_object_get(json_object_get(s->certs, cert), "common_name"));
}

bool setup_has_profile(const struct setup *s, const char *profile)
{
	return json_object_get(s->profiles, profile) != NULL;
}

const char *setup_type(const struct setup *s, const char *cert, size_t n)
{
	const json_t *list = json_object_get(json_object_get(s->certs, cert), "types");

	return json_string_value(json_array_get(list, n));
}

bool setup_has_name(const struct setup *s, const char *name)
{
	return json_object_get(s->names, name) != NULL;
}
