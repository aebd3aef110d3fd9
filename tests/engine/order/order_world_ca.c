#include "order_world_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define ORDER_MOST    16 /* authorizations of one */
#define PROBLEM(type) "urn:ietf:params:acme:error:" type

/* An authorization has a life of its own: it may be in several orders, or none. */
struct ca_authz {
	char *name; /* "*." where it is for a wildcard */
	bool wildcard;
	bool posted, deactivated, born_valid;
	uint64_t posted_at;
	bool seen; /* the CA's resolver got the value */
};

struct ca_order {
	size_t authz[ORDER_MOST], authzs;
	bool finalized;
	uint64_t finalized_at, decided_at; /* when its authorizations became final, 0 = not yet */
};

static struct {
	struct ca_authz *authz;
	size_t authzs;
	struct ca_order *order;
	size_t orders;
	unsigned key;        /* which key the account at the CA has, 0 = no account */
	unsigned account;    /* number of that account */
	struct strs faulted; /* endpoints that misbehaved already */
	struct {
		struct strs records;
		uint64_t until;
	} cache; /* of its resolver */
} ca;

void order_world_ca_open(void)
{
	memset(&ca, 0, sizeof(ca));
}

static void authzs_free(void)
{
	for (size_t i = 0; i < ca.authzs; i++)
		free(ca.authz[i].name);
	free_all(ca.authz, ca.order);
}

void order_world_ca_close(void)
{
	authzs_free();
	strs_free(&ca.faulted);
	strs_free(&ca.cache.records);
	memset(&ca, 0, sizeof(ca));
}

void order_world_ca_account(unsigned key)
{
	ca.key = key;
	ca.account = 1;
}

static uint64_t now(void)
{
	return loop_now(order_world_engine.loop);
}

void order_world_fill_cache(unsigned ms)
{
	ca.cache.until = now() + ms;
}

/* Authorizations. */

static size_t authz_new(const char *name, bool wildcard)
{
	struct ca_authz *a;

	ca.authz = xgrow(ca.authz, ca.authzs, sizeof(*ca.authz));
	a = &ca.authz[ca.authzs];
	*a = (struct ca_authz){.name = xstrdup(name), .wildcard = wildcard, .born_valid = world.reuse};
	return ca.authzs++;
}

static const char *authz_status(const struct ca_authz *a)
{
	if (a->deactivated)
		return "deactivated";
	if (a->born_valid)
		return "valid";
	if (!a->posted || now() < a->posted_at + world.validation_ms)
		return "pending";
	bool refused = world.refuse_name && strcmp(a->name, world.refuse_name) == 0;
	return world.refuse_validation || refused || !a->seen ? "invalid" : "valid";
}

static bool authz_is(const struct ca_authz *a, const char *status)
{
	return strcmp(authz_status(a), status) == 0;
}

/* The resolver asks the servers when it has nothing in its cache. */
static bool resolver_sees(const char *record)
{
	if (!world.resolver_cache_ms)
		return strs_has(&world.store, record);
	if (now() >= ca.cache.until) {
		strs_free(&ca.cache.records);
		for (size_t i = 0; i < world.store.n; i++)
			strs_add(&ca.cache.records, world.store.at[i]);
		ca.cache.until = now() + world.resolver_cache_ms;
	}
	return strs_has(&ca.cache.records, record);
}

static void authz_post(size_t i)
{
	struct ca_authz *a = &ca.authz[i];
	char *token = xasprintf("token-%016zu", i);
	char *value = order_world_value(token);
	char *challenge = xasprintf("_acme-challenge.%s", a->name);
	char *record = xasprintf("%s %s", world.target ? world.target : challenge, value);

	if (!world.first_challenge)
		world.first_challenge = now();
	strs_add(&world.calls, "challenge");
	if (!strs_has(&world.store, record))
		world.early_challenge = true;
	if (!a->posted) {
		a->posted = true;
		a->posted_at = now();
		a->seen = resolver_sees(record) || world.blind_resolver;
	} else {
		world.second_posts++;
	}
	free_all(record, challenge, value, token);
}

static json_t *challenge_object(size_t i)
{
	const struct ca_authz *a = &ca.authz[i];
	char *token = xasprintf("token-%016zu", i), *url = xasprintf(HOST "chall/%zu", i);
	json_t *c = json_pack("{s:s, s:s, s:s, s:s}", "type", "dns-01", "url", url, "token", token, "status",
	                      authz_is(a, "invalid") ? "invalid"
	                      : authz_is(a, "valid") ? "valid"
	                      : a->posted            ? "processing"
	                                             : "pending");

	if (authz_is(a, "invalid"))
		json_object_set_new(c, "error",
		                    json_pack("{s:s, s:s}", "type",
		                              world.refuse_with ? world.refuse_with : PROBLEM("unauthorized"),
		                              "detail", "wrong TXT"));
	free(token);
	free(url);
	return c;
}

static json_t *authz_object(size_t i)
{
	const struct ca_authz *a = &ca.authz[i];
	char *name = world.odd_json && a->wildcard ? xasprintf("*.%s", a->name) : xstrdup(a->name);
	json_t *o = json_pack("{s:s, s:{s:s, s:s}, s:[o]}", "status", authz_status(a), "identifier", "type",
	                      "dns", "value", name, "challenges", challenge_object(i));

	if (a->wildcard && !world.odd_json)
		json_object_set_new(o, "wildcard", json_true());
	if (world.authzs == WORLD_ANCESTOR)
		json_object_set_new(o, "subdomainAuthAllowed", json_true());
	if (world.odd_json)
		json_object_set_new(o, "expires", json_string("2099-01-01T00:00:00+0000"));
	free(name);
	return o;
}

/* Orders. */

static bool order_has(const struct ca_order *o, size_t authz)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i] == authz)
			return true;
	return false;
}

static size_t authz_for(const struct ca_order *o, const char *name, bool wildcard)
{
	for (size_t i = 0; i < ca.authzs; i++) {
		const struct ca_authz *a = &ca.authz[i];
		bool fits =
		    strcmp(a->name, name) == 0 && (a->wildcard == wildcard || world.authzs == WORLD_SHARED);
		if (fits && (order_has(o, i) || authz_is(a, "valid") || authz_is(a, "pending")) && !a->posted)
			return i;
		if (fits && authz_is(a, "valid") && world.reuse_later)
			return i;
	}
	return authz_new(name, wildcard && world.authzs != WORLD_SHARED);
}

static void order_add_authz(struct ca_order *o, const char *identifier)
{
	bool wildcard = str_starts(identifier, "*.");
	const char *name = identifier + (wildcard ? 2 : 0);
	size_t i;

	if (world.authzs == WORLD_NONE)
		return;
	if (world.authzs == WORLD_ANCESTOR)
		i = authz_for(o, "example.test", false);
	else
		i = authz_for(o, name, wildcard);
	if (!order_has(o, i))
		o->authz[o->authzs++] = i;
}

static void order_shuffle(struct ca_order *o)
{
	for (size_t i = 0; i + 1 < o->authzs - i; i++) {
		size_t last = o->authzs - 1 - i, swap = o->authz[i];
		o->authz[i] = o->authz[last];
		o->authz[last] = swap;
	}
}

/* One that is asked for and that nobody has made here is of an earlier run: nothing is left to validate. */
static struct ca_order *order_at(size_t n)
{
	while (ca.orders <= n) {
		ca.order = xgrow(ca.order, ca.orders, sizeof(*ca.order));
		ca.order[ca.orders++] = (struct ca_order){0};
	}
	return &ca.order[n];
}

static size_t order_make(const json_t *identifiers)
{
	size_t n = ca.orders, i;
	struct ca_order *o = order_at(n);
	const json_t *item;

	json_array_foreach(identifiers, i, item)
	    order_add_authz(o, json_string_value(json_object_get(item, "value")));
	if (world.shuffle)
		order_shuffle(o);
	world.orders++;
	return n;
}

/* What the authorizations say, without lag. */
static const char *order_outcome(const struct ca_order *o)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (authz_is(&ca.authz[o->authz[i]], "invalid") ||
		    authz_is(&ca.authz[o->authz[i]], "deactivated"))
			return "invalid";
	for (size_t i = 0; i < o->authzs; i++)
		if (!authz_is(&ca.authz[o->authz[i]], "valid"))
			return "pending";
	return "ready";
}

/* An order learns of its authorizations later, where the CA is that slow, or never. */
static const char *order_status(struct ca_order *o)
{
	const char *outcome = order_outcome(o);

	if (o->finalized)
		return now() >= o->finalized_at + world.issuance_ms ? "valid" : "processing";
	if (strcmp(outcome, "pending") == 0)
		return "pending";
	if (!o->decided_at)
		o->decided_at = now();
	if (world.order_stays_pending || now() < o->decided_at + world.order_lag_ms)
		return world.lags_as_processing ? "processing" : "pending";
	return outcome;
}

static json_t *order_object(size_t n, bool first)
{
	struct ca_order *o = order_at(n);
	const char *status = order_status(o);
	char *url = xasprintf(HOST "finalize/%zu", n);
	json_t *json = json_pack("{s:s, s:[], s:[]}", "status", status, "identifiers", "authorizations");

	if (first || !world.odd_json)
		json_object_set_new(json, "finalize", json_string(url));
	free(url);
	for (size_t i = 0; i < o->authzs; i++)
		json_array_append_new(json_object_get(json, "authorizations"),
		                      json_sprintf(HOST "authz/%zu", o->authz[i]));
	if (world.odd_json) {
		json_object_set_new(json, "expires", json_string(""));
		json_object_set_new(json, "certificate", json_string(""));
	}
	if (strcmp(status, "valid") == 0)
		json_object_set_new(json, "certificate", json_sprintf(HOST "cert/%zu", n));
	return json;
}

static struct reply reply_problem(int status, const char *type)
{
	return (struct reply){.status = status,
	                      .type = "application/problem+json",
	                      .json = json_pack("{s:s, s:s}", "type", type, "detail",
	                                        world.fault.detail ? world.fault.detail : "scripted")};
}

static struct reply reply_json(int status, json_t *json)
{
	return (struct reply){.status = status, .type = "application/json", .json = json};
}

static const char *endpoint(const char *path)
{
	static const char *const names[][2] = {
	    {"dir", "directory"},        {"nonce", "newNonce"},     {"account", "newAccount"},
	    {"order/", "order"},         {"order", "newOrder"},     {"authz/", "authorization"},
	    {"chall/", "challenge"},     {"finalize/", "finalize"}, {"cert/", "certificate"},
	    {"renewal/", "renewalInfo"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_starts(path, names[i][0]))
			return names[i][1];
	abort();
}

/* The scripted fault of that endpoint, `times` times. */
static bool fault_strikes(const char *where, enum world_host host)
{
	const struct world_fault *f = &world.fault;

	if (!f->kind || (f->at && strcmp(f->at, where) != 0) || (f->host && f->host != host) ||
	    order_world_count(&ca.faulted, where) >= (f->times ? f->times : 1))
		return false;
	strs_add(&ca.faulted, where);
	return true;
}

static struct reply fault_reply(void)
{
	struct reply r;

	switch (world.fault.kind) {
	case WORLD_HTML:
		r = (struct reply){
		    .status = world.fault.status, .type = "text/html", .text = "<html>sorry</html>"};
		break;
	case WORLD_LOST:
		r = (struct reply){.lost = true};
		break;
	default:
		r = reply_problem(world.fault.status,
		                  world.fault.type ? world.fault.type : PROBLEM("rateLimited"));
	}
	r.retry_after = world.fault.retry_after;
	return r;
}

static struct reply answer_account(const json_t *payload, unsigned key)
{
	struct reply r;

	strs_add(&world.calls, json_object_get(payload, "onlyReturnExisting") ? "findAccount" : "newAccount");
	if (world.account_deactivated)
		return reply_problem(403, PROBLEM("unauthorized"));
	if (ca.key != key && json_object_get(payload, "onlyReturnExisting"))
		return reply_problem(400, PROBLEM("accountDoesNotExist"));
	if (world.eab && !json_object_get(payload, "externalAccountBinding"))
		return reply_problem(403, PROBLEM("externalAccountRequired"));
	if (ca.key != key) {
		ca.key = key;
		ca.account++;
		world.accounts++;
	}
	r = reply_json(201, json_object());
	snprintf(r.location, sizeof(r.location), "%s%u",
	         world.account_elsewhere ? "https://evil.test/acct/" : HOST "acct/", ca.account);
	return r;
}

static struct reply answer_new_order(const json_t *payload)
{
	struct reply r;
	size_t n;

	const char *replaces = json_string_value(json_object_get(payload, "replaces"));
	const char *profile = json_string_value(json_object_get(payload, "profile"));

	strs_add(&world.calls, "newOrder");
	strs_add(&world.profiled, profile ? profile : "");
	strs_add(&world.replaced, replaces ? replaces : "");
	if (replaces && world.replaces_problem)
		return reply_problem(409, world.replaces_problem);
	if (world.neworder_problem) {
		r = reply_problem(429, world.neworder_problem);
		r.retry_after = world.neworder_retry_after;
		return r;
	}
	n = order_make(json_object_get(payload, "identifiers"));
	r = reply_json(201, order_object(n, true));
	snprintf(r.location, sizeof(r.location), HOST "order/%zu", n);
	return r;
}

static struct reply answer_finalize(size_t n, const char *csr)
{
	struct ca_order *o = order_at(n);

	strs_add(&world.calls, "finalize");
	if (strcmp(order_status(o), "ready") != 0 || world.not_ready) {
		world.not_ready -= world.not_ready > 0;
		return reply_problem(403, PROBLEM("orderNotReady"));
	}
	if (world.badcsr && csr && strcmp(csr, world.badcsr) == 0)
		return reply_problem(400, PROBLEM("badCSR"));
	o->finalized = true;
	o->finalized_at = now();
	world.issued++;
	return world.lose_finalize ? (struct reply){.lost = true} : reply_json(200, order_object(n, false));
}

static struct reply answer_request(const char *path, const json_t *payload, unsigned key, const char *kid)
{
	size_t n = strchr(path, '/') ? strtoul(strchr(path, '/') + 1, NULL, 10) : 0;
	char *wanted = xasprintf(HOST "acct/%u", ca.account);
	bool known = kid && ca.key == key && strcmp(kid, wanted) == 0;

	free(wanted);
	if (strcmp(path, "account") == 0)
		return answer_account(payload, key);
	if (world.account_deactivated)
		return reply_problem(403, PROBLEM("unauthorized"));
	if (!known)
		return reply_problem(ca.key && ca.key != key ? 400
		                     : world.amnesia_status  ? world.amnesia_status
		                                             : 400,
		                     ca.key && ca.key != key ? PROBLEM("malformed")
		                     : world.amnesia_status  ? PROBLEM("serverInternal")
		                                             : PROBLEM("accountDoesNotExist"));
	if (strcmp(path, "order") == 0)
		return answer_new_order(payload);
	if (str_starts(path, "order/"))
		return world.order_forgotten ? reply_problem(404, PROBLEM("malformed"))
		                             : reply_json(200, order_object(n, false));
	if (str_starts(path, "authz/")) {
		if (payload) {
			strs_add(&world.calls, "deactivate");
			ca.authz[n].deactivated = true;
		}
		return reply_json(200, authz_object(n));
	}
	if (str_starts(path, "chall/")) {
		authz_post(n);
		return reply_json(200, challenge_object(n));
	}
	if (str_starts(path, "finalize/"))
		return answer_finalize(n, json_string_value(json_object_get(payload, "csr")));
	strs_add(&world.calls, "download");
	if (strstr(path, "/alternate/") && world.alternate_status)
		return reply_problem((int)world.alternate_status, PROBLEM("malformed"));
	if (world.download_status)
		return reply_problem((int)world.download_status, PROBLEM("malformed"));
	return (struct reply){.status = 200,
	                      .type = "application/pem-certificate-chain",
	                      .text = order_world_chain(),
	                      .alternates = world.alternates};
}

/* The "signature" that the world's keeper makes: JSON with url, payload, key and kid. */
static struct reply answer_post(const char *path, const char *body)
{
	json_t *jws = json_loads(body, 0, NULL);
	const char *text = json_string_value(json_object_get(jws, "payload"));
	json_t *payload = text && *text ? json_loads(text, 0, NULL) : NULL;
	struct reply r =
	    answer_request(path, payload, (unsigned)json_integer_value(json_object_get(jws, "key")),
	                   json_string_value(json_object_get(jws, "kid")));

	json_decref(payload);
	json_decref(jws);
	return r;
}

static struct reply answer_directory(void)
{
	json_t *directory =
	    json_pack("{s:s, s:s, s:s, s:{s:b}}", "newNonce", HOST "nonce", "newAccount", HOST "account",
	              "newOrder", HOST "order", "meta", "externalAccountRequired", (int)world.eab);

	if (world.profiles)
		json_object_set_new(json_object_get(directory, "meta"), "profiles",
		                    json_pack("{s:s, s:s}", "classic", "90 days", "shortlived", "6 days"));
	if (world.advises)
		json_object_set_new(directory, "renewalInfo", json_string(HOST "renewal"));
	return reply_json(200, directory);
}

static struct reply answer_advice(const char *cert_id)
{
	json_t *window = order_world_window(cert_id);
	struct reply r = reply_problem(404, PROBLEM("malformed"));

	if (world.advice || world.advice_status || window)
		json_decref(r.json);
	if (world.advice || world.advice_status)
		r = (struct reply){.status = world.advice_status ? world.advice_status : 200,
		                   .type = "application/json",
		                   .text = world.advice};
	else if (window)
		r = reply_json(200, json_incref(window));
	json_decref(window);
	r.retry_after = world.advice_retry_after;
	return r;
}

/* What goes wrong before the CA acts, what after it. */
struct reply order_world_answer(const char *method, enum world_host host, const char *path, const char *body)
{
	const char *where = endpoint(path);
	bool strikes = fault_strikes(where, host);
	struct reply r = {.status = 200};
	char *request = xasprintf("%s%s", host == WORLD_BACKUP ? "backup " : "", where);

	strs_add(&world.requests, request);
	free(request);
	if (world.out)
		return (struct reply){.lost = true};
	if (strikes && !world.fault.after_acting)
		return fault_reply();
	if (*method == 'G' && str_starts(path, "renewal/"))
		r = answer_advice(path + strlen("renewal/"));
	else if (*method == 'G')
		r = answer_directory();
	else if (*method == 'P')
		r = answer_post(path, body);
	const char *status = json_string_value(json_object_get(r.json, "status"));
	if (status && strcmp(status, "processing") == 0)
		r.retry_after = world.processing_retry_after;
	if (!strikes)
		return r;
	json_decref(r.json);
	return fault_reply();
}
