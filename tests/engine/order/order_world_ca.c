#include "order_world_parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/acme.h"
#include "engine/net/http.h"

struct http *http_new(struct loop *l, struct lookup *lookup, const char *bundle, struct err *e)
{
	return (struct http *)&world;
}

void http_free(struct http *h)
{
}

static struct {
	char *kid;
	uint64_t posted[8]; /* loop time of each challenge's POST, 0 = not yet */
	uint64_t finalized;
	bool deactivated[8];
	size_t names;
} ca;

static struct acme_directory directory = {
    .new_nonce = (char *)"https://ca.test/nonce",
    .new_account = (char *)"https://ca.test/account",
    .new_order = (char *)"https://ca.test/order",
};

struct acme *acme_new(struct loop *l, struct http *http, struct keeper *keeper, const char *url,
                      const char *account)
{
	return (struct acme *)&ca;
}

void acme_free(struct acme *a)
{
	free(ca.kid);
	ca.kid = NULL;
}

const struct acme_directory *acme_directory(const struct acme *a)
{
	return &directory;
}

void acme_set_kid(struct acme *a, const char *kid)
{
	char *copy = xstrdup(kid);

	free(ca.kid);
	ca.kid = copy;
}

const char *acme_kid(const struct acme *a)
{
	return ca.kid;
}

void acme_want_nonces(struct acme *a, unsigned n)
{
}

unsigned acme_requests(const struct acme *a)
{
	return 0;
}

void order_world_ca_open(size_t names)
{
	memset(&ca, 0, sizeof(ca));
	ca.names = names;
}

static bool authz_valid(size_t i)
{
	return world.reuse || (ca.posted[i] && !world.refuse_validation &&
	                       loop_now(order_world_engine.loop) >= ca.posted[i] + world.validation_ms);
}

static bool authz_invalid(size_t i)
{
	return ca.posted[i] && world.refuse_validation &&
	       loop_now(order_world_engine.loop) >= ca.posted[i] + world.validation_ms;
}

static const char *order_status(void)
{
	bool ready = true;

	for (size_t i = 0; i < ca.names; i++) {
		if (authz_invalid(i) || ca.deactivated[i])
			return "invalid";
		ready = ready && authz_valid(i);
	}
	if (!ready)
		return "pending";
	if (!ca.finalized)
		return "ready";
	return loop_now(order_world_engine.loop) >= ca.finalized + world.issuance_ms ? "valid" : "processing";
}

static json_t *order_object(void)
{
	const char *status = order_status();
	json_t *o = json_pack("{s:s, s:[], s:[], s:s}", "status", status, "identifiers", "authorizations",
	                      "finalize", "https://ca.test/finalize/1");

	for (size_t i = 0; i < ca.names; i++) {
		char *url = xasprintf("https://ca.test/authz/%zu", i);
		json_array_append_new(json_object_get(o, "authorizations"), json_string(url));
		json_array_append_new(json_object_get(o, "identifiers"),
		                      json_pack("{s:s, s:s}", "type", "dns", "value",
		                                order_world_engine.job->cert->names.at[i]));
		free(url);
	}
	if (strcmp(status, "valid") == 0)
		json_object_set_new(o, "certificate", json_string("https://ca.test/cert/1"));
	return o;
}

static json_t *authz_object(size_t i)
{
	const char *name = order_world_engine.job->cert->names.at[i];
	bool wildcard = str_starts(name, "*.");
	const char *status = ca.deactivated[i]  ? "deactivated"
	                     : authz_valid(i)   ? "valid"
	                     : authz_invalid(i) ? "invalid"
	                                        : "pending";
	char *token = xasprintf("token-%016zu", i);
	char *url = xasprintf("https://ca.test/chall/%zu", i);
	json_t *challenge =
	    json_pack("{s:s, s:s, s:s, s:s}", "type", "dns-01", "url", url, "token", token, "status",
	              authz_invalid(i) ? "invalid"
	              : ca.posted[i]   ? "processing"
	                               : "pending");
	if (authz_invalid(i))
		json_object_set_new(challenge, "error",
		                    json_pack("{s:s, s:s}", "type", "urn:ietf:params:acme:error:unauthorized",
		                              "detail", "wrong TXT"));
	json_t *a =
	    json_pack("{s:s, s:{s:s, s:s}, s:b, s:[o]}", "status", status, "identifier", "type", "dns",
	              "value", name + (wildcard ? 2 : 0), "wildcard", wildcard, "challenges", challenge);
	free(token);
	free(url);
	return a;
}

static void ca_refuse(acme_fn *fn, void *arg, enum problem_class class, int status, const char *type,
                      bool maybe)
{
	struct problem *p = problem_new(class, status, type, "scripted");
	const struct acme_answer answer = {.status = status, .problem = p, .maybe_done = maybe};

	fn(arg, &answer);
	problem_free(p);
}

static void ca_say(acme_fn *fn, void *arg, json_t *json, const char *location, const char *body)
{
	const struct acme_answer answer = {.status = 200,
	                                   .json = json,
	                                   .body = body,
	                                   .body_len = body ? strlen(body) : 0,
	                                   .location = location};

	fn(arg, &answer);
	json_decref(json);
}

static bool ca_refuses_order(acme_fn *fn, void *arg)
{
	if (world.unknown_account) {
		world.unknown_account--;
		ca_refuse(fn, arg, PROBLEM_PERSON, 400, "accountDoesNotExist", false);
		return true;
	}
	if (world.neworder_problem) {
		ca_refuse(fn, arg, PROBLEM_LATER, 429, world.neworder_problem, false);
		return true;
	}
	return false;
}

static void ca_challenge(size_t i)
{
	strs_add(&world.calls, "challenge");
	if (!world.store.n ||
	    world.store.n < order_world_count(&world.calls, "add") - order_world_count(&world.calls, "del"))
		world.early_challenge = true;
	ca.posted[i] = loop_now(order_world_engine.loop);
}

static void ca_answers(struct later *l)
{
	acme_fn *fn = (acme_fn *)l->callback;
	void *arg = l->arg;
	char *path = xstrdup(l->text + strlen("https://ca.test/"));
	json_t *payload = json_incref(l->payload);
	size_t i = strchr(path, '/') ? strtoul(strchr(path, '/') + 1, NULL, 10) : 0;

	later_free(l);
	if (strcmp(path, "account") == 0) {
		world.accounts++;
		ca_say(fn, arg, json_object(), "https://ca.test/acct/1", NULL);
	} else if (strcmp(path, "order") == 0) {
		strs_add(&world.calls, "newOrder");
		if (!ca_refuses_order(fn, arg)) {
			world.orders++;
			ca_say(fn, arg, order_object(), "https://ca.test/order/1", NULL);
		}
	} else if (str_starts(path, "order/")) {
		if (world.order_forgotten)
			ca_refuse(fn, arg, PROBLEM_PERSON, 404, "malformed", false);
		else
			ca_say(fn, arg, order_object(), NULL, NULL);
	} else if (str_starts(path, "authz/")) {
		if (payload) {
			strs_add(&world.calls, "deactivate");
			ca.deactivated[i] = true;
		}
		ca_say(fn, arg, authz_object(i), NULL, NULL);
	} else if (str_starts(path, "chall/")) {
		ca_challenge(i);
		ca_say(fn, arg, json_object(), NULL, NULL);
	} else if (str_starts(path, "finalize/")) {
		strs_add(&world.calls, "finalize");
		ca.finalized = loop_now(order_world_engine.loop);
		if (world.lose_finalize)
			ca_refuse(fn, arg, PROBLEM_LATER, 0, "", true);
		else
			ca_say(fn, arg, order_object(), NULL, NULL);
	} else if (str_starts(path, "cert/") && world.download_status) {
		strs_add(&world.calls, "download");
		ca_refuse(fn, arg, PROBLEM_PERSON, (int)world.download_status, "malformed", false);
	} else {
		ca_say(fn, arg, NULL, NULL, "-----BEGIN CERTIFICATE-----\n");
	}
	json_decref(payload);
	free(path);
}

struct acme_call *acme_open(struct acme *a, unsigned nonces, acme_fn *fn, void *arg)
{
	return (struct acme_call *)later(ca_answers, (void *)fn, arg, "https://ca.test/dir");
}

struct acme_call *acme_post(struct acme *a, const char *url, json_t *payload, bool jwk, acme_fn *fn,
                            void *arg)
{
	struct later *l = later(ca_answers, (void *)fn, arg, url);

	l->payload = payload;
	return (struct acme_call *)l;
}

void acme_cancel(struct acme_call *c)
{
	later_free((struct later *)c);
}
