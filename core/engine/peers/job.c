#include "engine/peers/job.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define CA_CACHE_S 300 /* of a CA that does not say: most resolvers of CAs hold less */

static bool job_text(const json_t *o, const char *key, bool required, char **to, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	if (json_is_string(v)) {
		*to = xstrdup(json_string_value(v));
		return true;
	}
	return (!required && (!v || json_is_null(v))) || err_set(e, "job: %s is missing", key);
}

static bool job_texts(const json_t *o, const char *key, struct strs *to, struct err *e)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	if (list && !json_is_array(list))
		return err_set(e, "job: %s is not a list", key);
	json_array_foreach(list, i, v)
	{
		if (!json_is_string(v))
			return err_set(e, "job: %s holds something else than text", key);
		strs_add(to, json_string_value(v));
	}
	return true;
}

/* What is none is no limit. */
static void job_limits(const json_t *o, struct job_ca *ca)
{
	static const char *const names[] = {
	    [JOB_LIMIT_ORDERS] = "new_orders",
	    [JOB_LIMIT_SETS] = "exact_sets",
	    [JOB_LIMIT_FAILURES] = "failed_validations",
	    [JOB_LIMIT_REGISTRATIONS] = "registrations",
	};

	for (size_t i = 0; i < JOB_LIMITS; i++) {
		const json_t *pair = json_object_get(o, names[i]);
		json_int_t most = json_integer_value(json_array_get(pair, 0));
		json_int_t seconds = json_integer_value(json_array_get(pair, 1));

		if (most > 0 && most <= UINT_MAX / 2 && seconds > 0 && seconds <= UINT_MAX / 2)
			ca->limit[i] = (struct bucket_limit){(unsigned)most, (unsigned)seconds};
	}
}

static bool job_parse_ca(struct job *j, const json_t *o, struct err *e)
{
	j->ca = xgrow(j->ca, j->cas, sizeof(*j->ca));
	struct job_ca *ca = &j->ca[j->cas++];

	const json_t *cache = json_object_get(o, "cache_s");
	*ca = (struct job_ca){
	    .agree_tos = spec_yes(o, KEY_AGREE_TOS),
	    .eab = spec_text(o, KEY_EAB_KID),
	    .cache_s = json_is_integer(cache) ? (unsigned)json_integer_value(cache) : CA_CACHE_S,
	};
	job_limits(json_object_get(o, "limits"), ca);
	ca->renewals_exempt = json_is_true(json_object_get(o, "renewals_exempt"));
	return job_text(o, "account", true, &ca->account, e) &&
	       job_text(o, "directory", true, &ca->directory, e) &&
	       job_text(o, "label", true, &ca->label, e) &&
	       job_text(o, spec_name(KEY_CA_BUNDLE), false, &ca->bundle, e) &&
	       job_text(o, spec_name(KEY_EMAIL), false, &ca->email, e) &&
	       job_text(o, spec_name(KEY_ACCOUNT_URI), false, &ca->account_uri, e) &&
	       job_text(o, spec_name(KEY_PROXY), false, &ca->proxy, e) &&
	       job_text(o, spec_name(KEY_SOURCE_ADDRESS), false, &ca->source, e) &&
	       job_text(o, spec_name(KEY_ADDRESS_FAMILY), false, &ca->family, e);
}

/* A line without provider goes on with the account of the line before. */
static bool job_parse_dns(struct job *j, const json_t *o, struct err *e)
{
	struct job_dns *dns = j->dnss ? &j->dns[j->dnss - 1] : NULL;

	if (json_object_get(o, "provider")) {
		j->dns = xgrow(j->dns, j->dnss, sizeof(*j->dns));
		dns = &j->dns[j->dnss++];
		*dns = (struct job_dns){.both = spec_yes(o, KEY_BOTH)};
		if (!job_text(o, "account", true, &dns->account, e) ||
		    !job_text(o, "provider", true, &dns->provider, e))
			return false;
	}
	const char *account = json_string_value(json_object_get(o, "account"));
	if (!dns || !account || strcmp(account, dns->account) != 0)
		return err_set(e, "job: dns goes on with another account");
	return job_texts(o, spec_name(KEY_ZONE), &dns->zones, e) &&
	       job_texts(o, spec_name(KEY_CNAME_TARGET), &dns->targets, e);
}

/* One, or two. */
static bool job_key_types(const json_t *o, struct job_cert *c, struct err *e)
{
	const char *first = spec_text(o, KEY_KEY_TYPE), *second = spec_second(o, KEY_KEY_TYPE);

	if (!json_object_get(o, spec_name(KEY_KEY_TYPE)) || !first)
		return err_set(e, "job: %s is missing", spec_name(KEY_KEY_TYPE));
	c->key = xstrdup(first);
	c->second = second ? xstrdup(second) : NULL;
	return true;
}

static bool job_parse_window(struct job *j, const json_t *o, struct err *e)
{
	const json_t *pair;
	size_t i;

	j->window = xgrow(j->window, j->windows, sizeof(*j->window));
	struct job_window *w = &j->window[j->windows++];
	*w = (struct job_window){0};
	json_array_foreach(json_object_get(o, "open"), i, pair)
	    openings_add(&w->open, json_integer_value(json_array_get(pair, 0)),
	                 json_integer_value(json_array_get(pair, 1)));
	openings_join(&w->open);
	return job_text(o, "name", true, &w->name, e);
}

static bool job_find_window(struct job *j, const json_t *o, struct job_cert *c, struct err *e)
{
	const char *name = json_string_value(json_object_get(o, "window"));

	for (size_t i = j->windows; name && i > 0 && !c->window; i--)
		if (strcmp(j->window[i - 1].name, name) == 0)
			c->window = i;
	return !name || c->window || err_set(e, "job: %s has a window that was not told", c->id);
}

static bool job_parse_cert(struct job *j, const json_t *o, struct err *e)
{
	int wait_for = spec_word(KEY_WAIT_FOR, spec_text(o, KEY_WAIT_FOR));

	j->cert = xgrow(j->cert, j->certs, sizeof(*j->cert));
	struct job_cert *c = &j->cert[j->certs++];
	*c = (struct job_cert){
	    .ttl = spec_number(o, KEY_TTL),
	    .timeout_ms = spec_number(o, KEY_TIMEOUT) * 1000,
	    .wait_for = wait_for < 0 ? WAIT_FOR_REACHABLE : (enum wait_for)wait_for,
	    .settle_ms = spec_number(o, KEY_SETTLE) * 1000,
	    .park_after_s = spec_number(o, KEY_PARK_AFTER),
	    .force = spec_yes(o, KEY_FORCE),
	    .staging_try = spec_yes(o, KEY_STAGING_TRY),
	    .revoke = json_is_true(json_object_get(o, "revoke")),
	    .check = json_is_true(json_object_get(o, "check")),
	};
	return job_text(o, "id", true, &c->id, e) && job_text(o, spec_name(KEY_CA), true, &c->ca, e) &&
	       job_text(o, spec_name(KEY_BACKUP_CA), false, &c->backup, e) && job_key_types(o, c, e) &&
	       job_text(o, spec_name(KEY_PROFILE), false, &c->profile, e) &&
	       job_text(o, spec_name(KEY_PREFERRED_CHAIN), false, &c->preferred_chain, e) &&
	       job_text(o, "depends", false, &c->depends, e) &&
	       job_text(o, "staging", false, &c->staging, e) && job_texts(o, "names", &c->names, e) &&
	       job_texts(o, "dns", &c->dns, e) && job_texts(o, spec_name(KEY_NAME_SERVERS), &c->servers, e) &&
	       job_texts(o, spec_name(KEY_RESOLVER), &c->resolvers, e) && job_find_window(j, o, c, e) &&
	       (c->staging || !j->dry_run || err_set(e, "job: %s has no staging account", c->id)) &&
	       ((c->names.n > 0 && c->dns.n > 0) || err_set(e, "job: %s has no names or no dns", c->id));
}

static bool job_parse_revocation(struct job *j, const json_t *o, struct err *e)
{
	j->revocation = xgrow(j->revocation, j->revocations, sizeof(*j->revocation));
	struct job_revocation *r = &j->revocation[j->revocations++];

	*r = (struct job_revocation){.reason = (int)json_integer_value(json_object_get(o, "reason")),
	                             .own_key = json_is_true(json_object_get(o, "own_key"))};
	return job_text(o, "ca", true, &r->ca, e) && job_text(o, "label", true, &r->label, e);
}

static bool job_parse_rename(struct job *j, const json_t *o, struct err *e)
{
	const char *kind = json_string_value(json_object_get(o, "kind"));

	j->rename = xgrow(j->rename, j->n_rename, sizeof(*j->rename));
	struct job_rename *r = &j->rename[j->n_rename++];

	*r = (struct job_rename){.dns = kind && strcmp(kind, "dns") == 0,
	                         .keep = json_is_true(json_object_get(o, "keep"))};
	return job_text(o, "from", true, &r->from, e) && job_text(o, "to", true, &r->to, e);
}

static enum job_task job_task(const json_t *o)
{
	static const char *const words[] = {
	    [JOB_SHOW] = "show",     [JOB_REGISTER] = "register", [JOB_IMPORT] = "import",
	    [JOB_UPDATE] = "update", [JOB_ROLLOVER] = "rollover", [JOB_DEACTIVATE] = "deactivate"};
	const char *word = json_string_value(json_object_get(o, "task"));

	for (size_t i = JOB_SHOW; word && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], word) == 0)
			return (enum job_task)i;
	return JOB_NO_TASK;
}

static bool job_parse_places(struct job *j, const json_t *o, struct err *e)
{
	return job_texts(o, "cert", &j->placed, e);
}

static bool job_parse_head(struct job *j, const json_t *o, struct err *e)
{
	char *command = NULL;
	bool ok = job_text(o, "command", true, &command, e) && job_text(o, "state", true, &j->state, e) &&
	          job_text(o, "run", true, &j->run, e) && job_text(o, "machine", false, &j->machine, e) &&
	          job_text(o, "remove", false, &j->remove, e) && job_text(o, "index", false, &j->index, e) &&
	          job_text(o, "brief", false, &j->brief, e) && job_text(o, "only", false, &j->only, e) &&
	          job_texts(o, spec_name(KEY_NAME_SERVERS), &j->servers, e) &&
	          job_texts(o, spec_name(KEY_RESOLVER), &j->resolvers, e);

	if (ok) {
		j->task = job_task(o);
		j->clean = strcmp(command, "clean") == 0;
		j->renew = strcmp(command, "renew") == 0;
		j->revokes = strcmp(command, "revoke") == 0;
		j->renames = strcmp(command, "rename") == 0;
		j->reports = strcmp(command, "report") == 0;
		j->retry = spec_yes(o, KEY_RETRY);
		j->dry_run = spec_yes(o, KEY_DRY_RUN);
		j->named = json_is_true(json_object_get(o, "named"));
		j->wait_ms = spec_number(o, KEY_WAIT) * 1000;
		j->verbose = spec_number(o, KEY_VERBOSE);
		ok = j->task || strcmp(command, "ca") != 0 || err_set(e, "job: a task that is not known");
	}
	free(command);
	return ok;
}

static bool job_parse(struct job **j, const json_t *line, struct err *e)
{
	static const struct {
		const char *member;
		bool (*parse)(struct job *, const json_t *, struct err *);
	} kinds[] = {
	    {"ca", job_parse_ca},        {"dns", job_parse_dns},           {"window", job_parse_window},
	    {"cert", job_parse_cert},    {"revoke", job_parse_revocation}, {"rename", job_parse_rename},
	    {"places", job_parse_places}};
	const json_t *head = json_object_get(line, "job");

	if (head && !*j) {
		*j = xcalloc(1, sizeof(**j));
		return job_parse_head(*j, head, e);
	}
	for (size_t i = 0; *j && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const json_t *o = json_object_get(line, kinds[i].member);
		if (o)
			return kinds[i].parse(*j, o, e);
	}
	return err_set(e, "job: a line that does not belong there");
}

enum job_state job_take(struct job **j, const json_t *line, struct err *e)
{
	if (*j && json_object_get(line, "go"))
		return JOB_WHOLE;
	if (job_parse(j, line, e))
		return JOB_GOES_ON;
	job_free(*j);
	*j = NULL;
	return JOB_BAD;
}

void job_free(struct job *j)
{
	if (!j)
		return;
	for (size_t i = 0; i < j->cas; i++) {
		free(j->ca[i].account);
		free(j->ca[i].directory);
		free(j->ca[i].bundle);
		free(j->ca[i].label);
		free_all(j->ca[i].email, j->ca[i].account_uri);
		free_all(j->ca[i].proxy, j->ca[i].source, j->ca[i].family);
	}
	for (size_t i = 0; i < j->dnss; i++) {
		free(j->dns[i].account);
		free(j->dns[i].provider);
		strs_free(&j->dns[i].zones);
		strs_free(&j->dns[i].targets);
	}
	for (size_t i = 0; i < j->windows; i++) {
		free(j->window[i].name);
		openings_free(&j->window[i].open);
	}
	for (size_t i = 0; i < j->certs; i++) {
		free(j->cert[i].id);
		free(j->cert[i].ca);
		free(j->cert[i].backup);
		free(j->cert[i].key);
		free_all(j->cert[i].profile, j->cert[i].preferred_chain, j->cert[i].second);
		free(j->cert[i].depends);
		free(j->cert[i].staging);
		strs_free(&j->cert[i].names);
		strs_free(&j->cert[i].dns);
		strs_free(&j->cert[i].servers);
		strs_free(&j->cert[i].resolvers);
	}
	for (size_t i = 0; i < j->revocations; i++)
		free_all(j->revocation[i].ca, j->revocation[i].label);
	for (size_t i = 0; i < j->n_rename; i++)
		free_all(j->rename[i].from, j->rename[i].to);
	free_all(j->rename, j->revocation, j->ca, j->dns, j->window, j->cert, j->remove, j->state, j->run,
	         j->machine, j->index, j->brief, j->only);
	strs_free(&j->servers);
	strs_free(&j->resolvers);
	strs_free(&j->checked);
	strs_free(&j->placed);
	strs_free(&j->early);
	free(j);
}

const struct job_ca *job_ca(const struct job *j, const char *account)
{
	for (size_t i = 0; i < j->cas; i++)
		if (strcmp(j->ca[i].account, account) == 0)
			return &j->ca[i];
	return NULL;
}

const struct job_dns *job_dns(const struct job *j, const char *account)
{
	for (size_t i = 0; i < j->dnss; i++)
		if (strcmp(j->dns[i].account, account) == 0)
			return &j->dns[i];
	return NULL;
}

const struct openings *job_openings(const struct job *j, const struct job_cert *c)
{
	return c->window ? &j->window[c->window - 1].open : NULL;
}
