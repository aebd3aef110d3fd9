#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "common/spec/spec.h"
#include "launcher/cmd.h"
#include "launcher/events.h"
#include "launcher/inventory.h"
#include "launcher/jsonfile.h"
#include "launcher/options.h"
#include "launcher/revoke.h"
#include "launcher/run.h"
#include "launcher/run_end.h"
#include "launcher/secret.h"
#include "launcher/selection.h"
#include "launcher/state.h"

#define PEM_MOST (256 * 1024)

struct revoking {
	struct options o;
	char *state;
	const char *reason;
	struct inventory i;
	struct revocations chosen;
};

static bool is_compromise(const struct revoking *w)
{
	return strcmp(w->reason, "keyCompromise") == 0;
}

/* What is wrong elsewhere does not keep anybody from revoking. */
static bool load(struct revoking *w, struct err *e)
{
	bool ok = inventory_configuration(&w->i, w->state, spec_text(w->o.run, KEY_CONFIG), e);
	accepted_close(&w->i.accepted);
	return ok && inventory_accounts(&w->i, w->state, e) && inventory_certificates(&w->i, w->state, e);
}

/* New string; NULL with e. */
static char *read_pem(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct buf b;
	buf_init(&b, PEM_MOST);
	bool ok = fd >= 0 && io_read(fd, &b);
	if (!ok)
		err_set(e, "--file %s: %s", path, strerror(errno));
	else if (!(ok = b.len && strstr(b.data, "-----BEGIN CERTIFICATE-----")))
		err_set(e, "--file %s holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)", path);
	if (fd >= 0)
		close(fd);
	if (ok)
		return buf_take(&b);
	buf_free(&b);
	return NULL;
}

/* New string; NULL with e. It is opened now, so that what is wrong is told at once. */
static char *key_source(const char *path, struct err *e)
{
	char here[4096];
	char *relative = xasprintf("file:%s", path);
	char *source = getcwd(here, sizeof here) ? secret_absolute(relative, here, e) : NULL;
	char *key = source ? secret_value(source, e) : NULL;
	if (!key) {
		err_prefix(e, "--key");
		free(source);
		source = NULL;
	}
	mem_wipe_free(key);
	free(relative);
	return source;
}

/* Who issued it is the operator's word: what the file says of that is no address. */
static struct ca_account *choose_signer(struct revoking *w, bool own, struct err *e)
{
	const char *ca = json_string_value(json_object_get(w->o.certificate, spec_name(KEY_CA)));
	struct ca_account *a = NULL;
	if (!ca && w->i.ca_accounts.n == 1)
		return &w->i.ca_accounts.at[0];
	if (!ca)
		err_set(e, "which CA issued it? add --ca ACCOUNT; dnsproof ca list lists the accounts%s",
		        own ? ", or --ca with the URL of its directory" : "");
	else if (own)
		a = ca_accounts_at(&w->i.ca_accounts, ca, e);
	else if (!(a = ca_accounts_meant(&w->i.ca_accounts, ca)))
		err_set(e,
		        "there is no CA account %s (dnsproof ca list); add --key FILE, the certificate's "
		        "private key, and no account is needed",
		        ca);
	return a;
}

static bool choose_file(struct revoking *w, struct err *e)
{
	const char *file = spec_text(w->o.run, KEY_FILE), *key = spec_text(w->o.run, KEY_KEY);
	if (w->o.names.n)
		return err_set(e, "--file names the certificate; leave WHICH out");
	char *pem = read_pem(file, e), *source = pem && key ? key_source(key, e) : NULL;
	struct ca_account *a = pem && (!key || source) ? choose_signer(w, key != NULL, e) : NULL;
	if (!a) {
		free_all(pem, source);
		return false;
	}
	*revocations_add(&w->chosen) = (struct revocation){.pem = pem,
	                                                   .key = source,
	                                                   .label = xstrdup(file),
	                                                   .ca = xstrdup(a->name),
	                                                   .reason = xstrdup(w->reason),
	                                                   .own_key = key != NULL};
	return !a->tried || ca_account_write(a, w->state, e);
}

/* The CA that issued what is published may be another than the one that is used now. */
static const char *issuer_of(const struct revoking *w, const struct known_certificate *c,
                             const char *generation)
{
	char *folder = xasprintf("%s/certs/%s/%s", w->state, c->id, generation);
	struct err ignored;
	json_t *meta = jsonfile_read(folder, "meta.json", &ignored);
	const char *directory = json_string_value(json_object_get(meta, "directory"));
	const struct ca_account *a = directory ? ca_accounts_of(&w->i.ca_accounts, directory) : NULL;
	json_decref(meta);
	free(folder);
	return a ? a->name : spec_text(c->cert.settings, KEY_CA);
}

static bool is_revoked(const struct revoking *w, const char *id, const char *generation)
{
	char *mark = xasprintf("%s/certs/%s/%s/revoked", w->state, id, generation);
	bool revoked = access(mark, F_OK) == 0;
	free(mark);
	return revoked;
}

static void choose_one(struct revoking *w, const struct known_certificate *c)
{
	char *generation = revocation_live(w->state, c->id);
	if (!generation) {
		events_say(SAY_WARN, "nothing", "%s: there is no certificate yet, so nothing to revoke",
		           c->id);
	} else if (is_revoked(w, c->id, generation)) {
		events_say(SAY_INFO, "revoked", "%s: was revoked already", c->id);
	} else {
		*revocations_add(&w->chosen) =
		    (struct revocation){.id = xstrdup(c->id),
		                        .generation = xstrdup(generation),
		                        .label = xstrdup(c->id),
		                        .ca = xstrdup(issuer_of(w, c, generation)),
		                        .reason = xstrdup(w->reason),
		                        .own_key = is_compromise(w),
		                        .replace = is_compromise(w) && !spec_yes(w->o.run, KEY_REVOKE_FIRST)};
	}
	free(generation);
}

static bool choose_stored(struct revoking *w, struct err *e)
{
	const struct selection s = {.options = &w->o, .i = &w->i, .state = w->state};
	size_t *at = NULL, n = 0;
	bool ok = selection_make(&s, &at, &n, e);
	for (size_t i = 0; ok && i < n; i++)
		choose_one(w, &w->i.all.at[at[i]]);
	free(at);
	return ok;
}

/* Many at once are a slip of the hand more often than not: the count is typed. */
static bool confirm(const struct revoking *w, struct err *e)
{
	size_t n = w->chosen.n;
	bool given = json_object_get(w->o.run, spec_name(KEY_YES));
	unsigned yes = spec_number(w->o.run, KEY_YES);
	char line[32] = "", *end;
	if (given)
		return yes == n ||
		       err_set(e, "this would revoke %zu certificate%s, not %u; nothing is revoked", n,
		               n == 1 ? "" : "s", yes);
	if (n < 2)
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return err_set(e, "this would revoke %zu certificates; add --yes %zu if that is meant", n, n);
	for (size_t i = 0; i < n; i++)
		fprintf(stderr, "  %s\n", w->chosen.at[i].label);
	fprintf(stderr, "These %zu certificates are revoked for good. Type their number to go on: ", n);
	unsigned long typed = fgets(line, sizeof line, stdin) ? strtoul(line, &end, 10) : 0;
	return typed == n || err_set(e, "that is not their number; nothing is revoked");
}

/* `renew` makes the new certificates, and then does the revocations that waited for them. */
static int replace_them(const struct revoking *w)
{
	static const enum spec_key passed[] = {KEY_JSON, KEY_QUIET};
	struct strs words = {0};
	strs_add(&words, "renew");
	strs_add(&words, "--force");
	strs_add(&words, "--state");
	strs_add(&words, w->state);
	if (spec_text(w->o.run, KEY_CONFIG)) {
		strs_add(&words, "--config");
		strs_add(&words, spec_text(w->o.run, KEY_CONFIG));
	}
	for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
		if (spec_yes(w->o.run, passed[i])) {
			char *option = spec_option(passed[i]);
			strs_add(&words, option);
			free(option);
		}
	for (unsigned i = 0; i < spec_number(w->o.run, KEY_VERBOSE); i++)
		strs_add(&words, "-v");
	for (size_t i = 0; i < w->chosen.n; i++)
		strs_add(&words, w->chosen.at[i].id);
	int code = cmd_renew((int)words.n, words.at);
	strs_free(&words);
	return code;
}

static void say_waiting(const struct revoking *w)
{
	for (size_t i = 0; i < w->chosen.n; i++)
		if (revocation_waits(&w->chosen.at[i], w->state))
			events_say(
			    SAY_ERROR, "owed",
			    "%s: there is no new certificate, so the old one is not revoked yet; dnsproof "
			    "renew tries both again, --revoke-first revokes it now",
			    w->chosen.at[i].id);
}

static int run(struct revoking *w)
{
	struct err e;
	bool replaces = is_compromise(w) && w->chosen.n && w->chosen.at[0].id;
	bool first = !replaces || spec_yes(w->o.run, KEY_REVOKE_FIRST);
	for (size_t i = 0; i < w->chosen.n; i++)
		if (!revocation_write(&w->chosen.at[i], w->state, &e))
			return events_refuse(EXIT_FAILED, &e);
	int code = EXIT_DONE;
	if (first) {
		struct processes_result r =
		    revoke_all(&(struct revoke){w->state, &w->o, &w->i.ca_accounts}, &w->chosen);
		code = run_end(&r, w->state, &w->o);
	}
	if (!replaces)
		return code;
	int renewed = replace_them(w);
	say_waiting(w);
	return renewed ? renewed : code;
}

static bool prepare(struct revoking *w, struct err *e)
{
	w->reason = spec_text(w->o.run, KEY_REASON);
	bool file = spec_text(w->o.run, KEY_FILE);
	if (!file && !selection_is_given(&w->o))
		return err_set(e, "which certificates? type dnsproof revoke WHICH --reason REASON, or --file "
		                  "CERT.pem");
	if (!w->reason) {
		char *words = spec_words(KEY_REASON);
		err_set(e, "why? add --reason %s", words);
		free(words);
		return false;
	}
	if (!file && spec_text(w->o.run, KEY_KEY))
		return err_set(e, "--key is for --file; of the other certificates the key is here");
	if (spec_yes(w->o.run, KEY_REVOKE_FIRST) && (file || !is_compromise(w)))
		return err_set(e,
		               "--revoke-first is for --reason keyCompromise of certificates that are here; "
		               "others are revoked at once anyway");
	return (w->state = state_path(spec_text(w->o.run, KEY_STATE), e));
}

static int begin(struct revoking *w)
{
	struct err e;
	if (!state_check(w->state, &e))
		return events_refuse(EXIT_USAGE, &e);
	enum exit_code code = state_open(w->state, spec_text(w->o.run, KEY_FILE), &e);
	if (code != EXIT_DONE)
		return events_refuse(code, &e);
	if (!load(w, &e) || !(spec_text(w->o.run, KEY_FILE) ? choose_file(w, &e) : choose_stored(w, &e)) ||
	    !confirm(w, &e))
		return events_refuse(EXIT_USAGE, &e);
	return w->chosen.n ? run(w) : EXIT_DONE;
}

int cmd_revoke(int argc, char **argv)
{
	struct revoking w = {0};
	struct err e;
	int code;
	if (options_begin(SPEC_REVOKE, argc, argv, &w.o, &code))
		code = prepare(&w, &e) ? begin(&w) : (int)events_refuse(EXIT_USAGE, &e);
	options_free(&w.o);
	inventory_free(&w.i);
	revocations_free(&w.chosen);
	free(w.state);
	return code;
}
