#include "config.h"

#include "conform.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/b64.h"
#include "common/log.h"
#include "common/mem.h"
#include "options.h"
#include "rules.h"
#include "world.h"
#include "host/options.h"

static json_t *bad; /* options with wrong credentials */

static void bad_credentials(struct kit *k)
{
	const json_t *good = k->plan.options;
	struct served s;
	struct said said;

	if (!k->secrets.n && !k->c->bad_options) {
		kit_replaced(k, "it has no credentials");
		return;
	}
	k->plan.options = bad;
	if (kit_host(k, &s)) {
		kit_call(k, &s, "add", KIT_VALUE_1, NULL, &said);
		if (kit_want_rc(k, &said, "auth", "add with wrong credentials"))
			kit_want(k, strstr(said.msg, k->c->provider),
			         "the message does not name the provider: %s", said.msg);
		kit_call(k, &s, "del", KIT_VALUE_1, NULL, &said);
		if (!conform_case_lacks(k->c, "delete"))
			kit_want_rc(k, &said, "auth", "del with wrong credentials");
		kit_call(k, &s, "check", NULL, NULL, &said);
		if (k->can_check)
			kit_want_rc(k, &said, "auth", "check with wrong credentials");
		served_stop(&s);
	}
	k->plan.options = good;
	kit_want_count(k, KIT_VALUE_1, 0, "after wrong credentials");
	kit_want_others(k, "after wrong credentials");
}

/* All that hosts wrote and said, debug log included. */
static char *log_read(const struct kit *k)
{
	FILE *f = fdopen(dup(k->plan.log), "r");
	char chunk[8192];
	struct buf all;
	size_t n;

	buf_init(&all, 0);
	buf_add_str(&all, "");
	rewind(f);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(&all, chunk, n);
	fclose(f);
	return buf_take(&all);
}

static void want_hidden(struct kit *k, const char *log, const char *secret, const char *form)
{
	const char *at = strstr(log, secret), *from = at;

	if (!at)
		return;
	while (from > log && from[-1] != '\n' && at - from < 60)
		from--;
	kit_want(k, false, "a secret%s is shown after: %.*s", form, (int)(at - from), from);
}

/* As basic authentication has it: base64 of "other:secret". */
static void want_hidden_pairs(struct kit *k, const char *log, const char *secret)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)k->plan.options, key, value)
	{
		char *pair = xasprintf("%s:%s", json_string_value(value), secret);
		char *coded = b64_encode(pair, strlen(pair));

		want_hidden(k, log, coded, " in base64");
		mem_wipe_free(coded);
		mem_wipe_free(pair);
	}
}

static void secrets_hidden(struct kit *k)
{
	char *log = log_read(k);

	for (size_t i = 0; i < k->secrets.n; i++) {
		want_hidden(k, log, k->secrets.at[i], "");
		want_hidden_pairs(k, log, k->secrets.at[i]);
	}
	if (!k->secrets.n)
		kit_replaced(k, "it has no secrets");
	free(log);
}

static const struct rule with_credentials[] = {
    {"wrong credentials: auth, and nothing is changed", bad_credentials, "credentials", false},
    {0},
};

static const struct rule in_the_end[] = {
    {"no secret in any message or log", secrets_hidden, NULL, false},
    {0},
};

static void run(struct kit *k, const struct rule *rules, const char *only)
{
	for (const struct rule *r = rules; r->name; r++)
		if (!only || strstr(r->name, only))
			kit_rule(k, r);
}

static bool has_op(const json_t *described, const char *op)
{
	json_t *word;
	size_t i;

	json_array_foreach(json_object_get(described, "ops"), i,
	                   word) if (json_is_string(word) &&
	                             !strcmp(json_string_value(word), op)) return true;
	return false;
}

static void learn(struct kit *k, const json_t *described)
{
	const json_t *limits = json_object_get(described, "limits");
	const char *replaces = json_string_value(json_object_get(described, "replaces"));

	k->cas = json_is_true(json_object_get(described, "cas"));
	k->by_record = replaces && !strcmp(replaces, "record");
	k->can_list = has_op(described, "list");
	k->can_check = has_op(described, "check");
	k->can_batch = has_op(described, "batch");
	k->most_values = (unsigned)json_integer_value(json_object_get(limits, "most_values"));
}

static int result(const struct kit *k)
{
	printf("1..%d\n", k->number);
	if (k->failed)
		printf("# %s: %d of %d rules are broken\n", k->c->provider, k->failed, k->number);
	else
		printf("# %s: keeps all %d rules\n", k->c->provider, k->number);
	return k->failed || !k->number;
}

static int try_all(struct kit *k, const char *only, const json_t *about)
{
	struct err e;
	json_t *described = served_describe(&k->plan, &e);
	int code;

	if (!described) {
		log_error("%s", e.text);
		return 2;
	}
	learn(k, described);
	if (!world_can_see(k->c) && !k->can_list) {
		log_error("%s cannot list, so nobody can see what it does; add look: COMMAND to the case",
		          k->c->provider);
		json_decref(described);
		return 2;
	}
	conform_options_secrets(k->plan.options, described, &k->secrets);
	bad = conform_options_bad(k->c, k->plan.options, described, about);
	run(k, conform_rules, only);
	run(k, with_credentials, only);
	run(k, conform_races, only);
	run(k, conform_faults, only);
	served_stop(&k->shared);
	run(k, in_the_end, only);
	code = result(k);
	options_free(bad);
	json_decref(described);
	return code;
}

/* A zone of the fake that is itself an _acme-challenge name, when the case names none. */
static void apex_choose(struct conform_case *c, const json_t *about)
{
	json_t *zone;
	size_t i;

	json_array_foreach(json_object_get(about, "zones"), i,
	                   zone) if (!c->apex && json_is_string(zone) &&
	                             str_starts(json_string_value(zone), "_acme-challenge.")) c->apex =
	    xstrdup(json_string_value(zone));
}

static int conform_case(struct conform_case *c, const struct conform_wish *w)
{
	struct kit k = {.c = c, .cold = -1, .cold_kinds = w->cold, .verbose = w->verbose};
	struct err e;
	json_t *about = world_about(c, &e), *options = about ? conform_options(c, about, &e) : NULL;
	FILE *log = tmpfile();
	int code = 2;

	if (!options || !log) {
		log_error("%s", options ? "no temporary file" : e.text);
	} else {
		apex_choose(c, about);
		k.plan = (struct served_plan){w->program, w->words, c, options, fileno(log)};
		buf_init(&k.why, 64 * 1024);
		code = try_all(&k, w->only, about);
	}
	for (size_t i = 0; i < k.secrets.n; i++)
		mem_wipe(k.secrets.at[i], strlen(k.secrets.at[i]));
	strs_free(&k.secrets);
	strs_free(&k.before);
	options_free(options);
	json_decref(about);
	if (log)
		fclose(log);
	return code;
}

int conform(const struct conform_wish *w)
{
	struct err e;
	struct conform_case *c;
	int code;

	if (w->cold && !conform_faults_known(w->cold)) {
		log_error("--cold %s: not all of these are kinds of faults; see dnsproof-conform(1)",
		          w->cold);
		return 2;
	}
	c = conform_case_read(w->file, &e);
	if (!c) {
		log_error("%s", e.text);
		return 2;
	}
	if (w->control) {
		free(c->control);
		c->control = xstrdup(w->control);
	}
	signal(SIGPIPE, SIG_IGN);
	code = conform_case(c, w);
	conform_case_free(c);
	return code;
}
