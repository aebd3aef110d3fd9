#include "config.h"

#include "launcher/job.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/buf.h"
#include "common/fnv.h"
#include "common/machine.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "common/wire.h"
#include "launcher/ca_preset.h"
#include "launcher/ca_staging.h"
#include "launcher/limits.h"
#include "launcher/lines.h"
#include "launcher/renew_window.h"
#include "launcher/secret.h"
#include "launcher/strings.h"

static const char *command(const struct job *j)
{
	static const char *const names[] = {
	    [JOB_ISSUE] = "issue",   [JOB_CLEAN] = "clean",   [JOB_RENEW] = "renew",  [JOB_CA] = "ca",
	    [JOB_REVOKE] = "revoke", [JOB_REMOVE] = "remove", [JOB_RENAME] = "rename"};
	return names[j->command];
}

json_t *job_ca_line(const struct ca_account *a)
{
	json_t *o = spec_complete(a->settings, SPEC_CA_ACCOUNT);
	json_object_set_new(o, "account", json_string(a->name));
	json_object_set_new(o, "directory", json_string(a->directory));
	char *label = ca_account_label(a);
	json_object_set_new(o, "label", json_string(label));
	free(label);
	const struct ca_preset *preset = ca_preset_find(a->directory);
	unsigned cache = spec_number(a->settings, KEY_CACHE);
	if (!json_object_get(a->settings, spec_name(KEY_CACHE)) && preset)
		cache = preset->cache_s;
	json_object_del(o, spec_name(KEY_CACHE));
	if (cache)
		json_object_set_new(o, "cache_s", json_integer(cache));
	json_object_set_new(o, spec_name(KEY_LIMITS), limits_of(a));
	if (limits_exempt_renewals(a))
		json_object_set_new(o, "renewals_exempt", json_true());
	json_object_del(o, spec_name(KEY_EAB_KEY)); /* the keeper's alone */
	return json_pack("{s:o}", "ca", o);
}

/* The account; its long lists follow in lines of their own, part by part. */
static json_t *dns_line(const struct dns_account *a, size_t part)
{
	if (!part)
		return json_pack("{s:{s:s, s:s, s:b}}", "dns", "account", a->name, "provider", a->provider,
		                 spec_name(KEY_BOTH), spec_yes(a->settings, KEY_BOTH));
	size_t from = (part - 1) * LINES_LIST;
	return json_pack("{s:{s:s, s:o, s:o}}", "dns", "account", a->name, spec_name(KEY_ZONE),
	                 lines_part(spec_list(a->settings, KEY_ZONE), from), spec_name(KEY_CNAME_TARGET),
	                 lines_part(spec_list(a->settings, KEY_CNAME_TARGET), from));
}

static bool has_part(const struct dns_account *a, size_t part)
{
	size_t from = (part - 1) * LINES_LIST;
	return !part || from < json_array_size(spec_list(a->settings, KEY_ZONE)) ||
	       from < json_array_size(spec_list(a->settings, KEY_CNAME_TARGET));
}

/* Has it been told? It is now. */
static bool window_is_new(struct job_lines *at, const char *text)
{
	const size_t most = sizeof at->window / sizeof at->window[0];
	uint64_t hash = fnv64(text);
	for (size_t i = 0; i < at->windows && i < most; i++)
		if (at->window[i] == hash)
			return false;
	at->window[at->windows++ % most] = hash;
	return true;
}

/* When it may be renewed, which the certificate's line names; NULL: that is known. */
static json_t *window_line(const struct job_certificate *c, struct job_lines *at)
{
	char *text = renew_window_text(c->cert->settings);
	json_t *line = NULL;
	if (text && window_is_new(at, text)) {
		struct openings o;
		json_t *open = json_array();
		renew_window_openings(c->cert->settings, time(NULL), &o);
		for (size_t i = 0; i < o.n; i++)
			json_array_append_new(
			    open, json_pack("[I, I]", (json_int_t)o.at[i].from, (json_int_t)o.at[i].until));
		openings_free(&o);
		line = json_pack("{s:{s:s, s:o}}", "window", "name", text, "open", open);
	}
	free(text);
	return line;
}

static void name_window(json_t *o, const json_t *settings)
{
	char *text = renew_window_text(settings);
	json_object_del(o, spec_name(KEY_RENEW_WINDOW));
	if (text)
		json_object_set_new(o, "window", json_string(text));
	free(text);
}

static json_t *cert_line(const struct job *j, const struct job_certificate *c, struct depends *d)
{
	char *depends = depends_digest(d, c->cert, j->ca_accounts, j->accounts);
	json_t *o = spec_complete(c->cert->settings, SPEC_CERTIFICATE);
	json_object_set_new(o, "id", json_string(c->id));
	json_object_set_new(o, "names", strings_json(&c->cert->names));
	json_object_set_new(o, "dns", strings_json(&c->cert->dns));
	json_object_set_new(o, spec_name(KEY_FORCE), json_boolean(spec_yes(j->options->run, KEY_FORCE)));
	json_object_set_new(o, "depends", json_string(depends));
	free(depends);
	json_object_set_new(o, "check", json_boolean(c->check));
	name_window(o, c->cert->settings);
	if (!certificate_backup(c->cert))
		json_object_del(o, spec_name(KEY_BACKUP_CA));
	if (c->staging)
		json_object_set_new(o, "staging", json_string(c->staging));
	if (c->revoke)
		json_object_set_new(o, "revoke", json_true());
	return json_pack("{s:o}", "cert", o);
}

static json_t *revocation_line(const struct revocation *r)
{
	return json_pack("{s:{s:s, s:s, s:i, s:b}}", "revoke", "ca", r->ca, "label", r->label, "reason",
	                 revocation_code(r), "own_key", r->own_key);
}

static json_t *rename_line(const struct job *j, const struct job_rename *r)
{
	return json_pack("{s:{s:s, s:s, s:s, s:b}}", "rename", "kind", j->kind, "from", r->from, "to", r->to,
	                 "keep", r->keep);
}

/* How the clean-up is to ask DNS, if that was said. */
static void add_given(const struct job *j, json_t *head, enum spec_key key)
{
	const json_t *list = spec_list(j->options->certificate, key);
	if (j->command == JOB_CLEAN && list)
		json_object_set(head, spec_name(key), (json_t *)list);
}

static json_t *first_line(const struct job *j)
{
	json_t *head = json_pack("{s:s, s:b, s:s, s:s, s:i, s:i, s:i}", "command", command(j), "named",
	                         j->named, "state", j->state, "run", j->run, "protocol", WIRE_PROTOCOL,
	                         spec_name(KEY_WAIT), (int)spec_number(j->options->run, KEY_WAIT),
	                         spec_name(KEY_VERBOSE), (int)spec_number(j->options->run, KEY_VERBOSE));
	json_object_set_new(head, spec_name(KEY_RETRY), json_boolean(spec_yes(j->options->run, KEY_RETRY)));
	json_object_set_new(head, spec_name(KEY_DRY_RUN), json_boolean(j->dry_run));
	char *machine = machine_id();
	json_object_set_new(head, "machine",
	                    json_string(machine)); /* NULL, so left out, when it is no text */
	free(machine);
	if (j->task)
		json_object_set_new(head, "task", json_string(j->task));
	if (j->remove)
		json_object_set_new(head, "remove", json_string(j->remove));
	if (j->index)
		json_object_set_new(head, "index", json_string(j->index->digest));
	add_given(j, head, KEY_NAME_SERVERS);
	add_given(j, head, KEY_RESOLVER);
	return json_pack("{s:o}", "job", head);
}

/* The last is empty; then the engine says which certificates it needs. */
static json_t *rows_line(const struct job *j, struct job_lines *at)
{
	json_t *rows = j->index->rows(j->index->arg, &at->row);
	if (!rows) {
		at->rows = false;
		at->waits = true;
		rows = json_array();
	}
	return json_pack("{s:o}", "index", rows);
}

void job_needs_rows(struct job_lines *at)
{
	at->waits = false;
	at->rows = true;
}

void job_needs_rest(struct job_lines *at)
{
	at->waits = false;
}

json_t *job_line(const struct job *j, struct job_lines *at)
{
	if (!at->begun) {
		at->begun = true;
		at->waits = j->index;
		return first_line(j);
	}
	if (at->waits)
		return NULL;
	if (at->rows)
		return rows_line(j, at);
	if (at->ca < j->ca_accounts->n)
		return job_ca_line(&j->ca_accounts->at[at->ca++]);
	for (; at->dns < j->accounts->n; at->dns++, at->part = 0)
		if (has_part(&j->accounts->at[at->dns], at->part))
			return dns_line(&j->accounts->at[at->dns], at->part++);
	if (at->cert < j->certs) {
		json_t *window = window_line(&j->cert[at->cert], at);
		return window ? window : cert_line(j, &j->cert[at->cert++], &at->depends);
	}
	if (at->revocation < j->revocations)
		return revocation_line(j->revocation[at->revocation++]);
	if (at->rename < j->renames)
		return rename_line(j, &j->rename[at->rename++]);
	if (at->ended)
		return NULL;
	at->ended = true;
	return json_pack("{s:i}", "go", 1);
}

static json_t *keeper_account(const struct job *j, const struct ca_account *a)
{
	json_t *o = json_pack("{s:s, s:s}", "name", a->name, "directory", a->directory);
	const char *kid = spec_text(a->settings, KEY_EAB_KID), *source = spec_text(a->settings, KEY_EAB_KEY);
	struct err ignored; /* a source that cannot be opened any more: the CA says what it needs */
	char *key = kid && source ? secret_value(source, &ignored) : NULL;
	if (ca_staging_is_test(j->ca_accounts, a))
		json_object_set_new(o, "test", json_true());
	if (spec_text(a->settings, KEY_ACCOUNT_URI))
		json_object_set_new(o, "fixed", json_true());
	if (j->key)
		json_object_set_new(o, "import", json_string(j->key));
	if (key) {
		json_object_set_new(o, spec_name(KEY_EAB_KID), json_string(kid));
		json_object_set_new(o, spec_name(KEY_EAB_KEY), json_string(key));
	}
	mem_wipe_free(key);
	return json_pack("{s:o}", "account", o);
}

static json_t *keeper_cert(const struct job *j, const struct job_certificate *c)
{
	json_t *o = json_pack("{s:s, s:o, s:[s, s*]}", "id", c->id, "names", strings_json(&c->cert->names),
	                      "types", spec_text(c->cert->settings, KEY_KEY_TYPE),
	                      spec_second(c->cert->settings, KEY_KEY_TYPE));
	static const enum spec_key texts[] = {KEY_PROFILE, KEY_PREFERRED_CHAIN, KEY_COMMON_NAME};
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *text = spec_text(c->cert->settings, texts[i]);
		if (text)
			json_object_set_new(o, spec_name(texts[i]), json_string(text));
	}
	if (spec_yes(j->options->run, KEY_REPLACE_TRUSTED))
		json_object_set_new(o, spec_name(KEY_REPLACE_TRUSTED), json_true());
	if (c->staging)
		json_object_set_new(o, "trial", json_string(c->staging));
	return json_pack("{s:o}", "cert", o);
}

static json_t *keeper_revocation(const struct revocation *r)
{
	struct err ignored; /* a key that cannot be opened any more: the keeper says what it needs */
	char *key = r->key ? secret_value(r->key, &ignored) : NULL;
	json_t *o = json_pack("{s:s*, s:s*, s:s*, s:s*, s:i, s:b}", "id", r->id, "generation", r->generation,
	                      "pem", r->pem, "key", key, "reason", revocation_code(r), "own_key", r->own_key);
	mem_wipe_free(key);
	return json_pack("{s:o}", "revoke", o);
}

char *job_keeper(const struct job *j)
{
	struct buf b;
	buf_init(&b, 0);
	lines_add(&b, json_pack("{s:s, s:s, s:b, s:s*, s:s*, s:s*}", "state", j->state, "command", command(j),
	                        spec_name(KEY_DRY_RUN), j->dry_run, "task", j->task, "remove", j->remove,
	                        "archive", j->archive));
	for (size_t i = 0; i < j->ca_accounts->n; i++)
		lines_add(&b, keeper_account(j, &j->ca_accounts->at[i]));
	for (size_t i = 0; i < j->certs; i++)
		lines_add(&b, keeper_cert(j, &j->cert[i]));
	for (size_t i = 0; i < j->revocations; i++)
		lines_add(&b, keeper_revocation(j->revocation[i]));
	return buf_take(&b);
}
