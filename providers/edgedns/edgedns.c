#include <stdint.h>
#include <string.h>

#include "exchange.h"
#include "ini.h"
#include "txt.h"
#include "verdict.h"

/* Where a call works. */
struct place {
	const struct dnsproof_call *call;
	const char *zone, *name;
	const char *endpoint;
	struct sign_key key;
};

/* The record set of a name; values is NULL if there is none. */
struct set {
	json_int_t ttl;
	json_t *values; /* new reference */
};

static const char *credential(const struct dnsproof_call *call, const char *option, const char *key)
{
	const char *given = option_text(call, option), *file = option_text(call, "edgerc");

	return given || !file ? given : ini_get(call, file, option_text(call, "section"), key);
}

static const char *endpoint_of(const struct dnsproof_call *call)
{
	const char *endpoint = option_text(call, "endpoint"), *host = credential(call, "host", "host");

	if (endpoint || !host)
		return endpoint;
	return strstr(host, "://") ? host : call->host->text(call, "https://%s", host);
}

static struct place place_of(const struct dnsproof_call *call, const char *zone, const char *name)
{
	struct place p = {.call = call,
	                  .zone = zone,
	                  .name = name,
	                  .endpoint = endpoint_of(call),
	                  .key = {credential(call, "client_token", "client_token"),
	                          credential(call, "client_secret", "client_secret"),
	                          credential(call, "access_token", "access_token")}};

	if (option_text(call, "edgerc")) {
		call->host->secret(call, p.key.secret);
		call->host->secret(call, p.key.id);
		call->host->secret(call, p.key.token);
	}
	return p;
}

static const char *encoded(const struct place *p, const char *text)
{
	return p->call->host->encode(p->call, "path", text, strlen(text));
}

static const char *zone_path(const struct place *p)
{
	return p->call->host->text(p->call, "/config-dns/v2/zones/%s", encoded(p, p->zone));
}

static const char *set_path(const struct place *p)
{
	return p->call->host->text(p->call, "%s/names/%s/types/TXT", zone_path(p), encoded(p, p->name));
}

static enum dnsproof_rc ask(const struct place *p, const char *method, const char *path, const char *body,
                            struct dnsproof_http_answer *answer)
{
	struct exchange x = {.profile = SIGN_EG1,
	                     .key = p->key,
	                     .endpoint = p->endpoint,
	                     .method = method,
	                     .path = path,
	                     .content_type = body ? "application/json" : NULL,
	                     .body = body};

	return exchange_run(p->call, &x, answer);
}

static enum dnsproof_rc odd(const struct place *p)
{
	return p->call->host->fail(p->call, DNSPROOF_TEMP,
	                           "%s: the answer is not what the API's documentation says", p->zone);
}

/* Problem documents: https://techdocs.akamai.com/edge-dns/reference/api-errors */
static enum dnsproof_rc judge(const struct place *p, const struct dnsproof_http_answer *answer)
{
	if (answer->status < 200 || answer->status > 299)
		return verdict(p->call, answer, NULL, p->zone, verdict_text(answer->json, "title"),
		               verdict_text(answer->json, "detail"));
	return answer->status == 204 || json_is_object(answer->json) ? DNSPROOF_OK : odd(p);
}

static enum dnsproof_rc zone_get(const struct place *p, struct dnsproof_http_answer *answer)
{
	enum dnsproof_rc rc = ask(p, "GET", zone_path(p), NULL, answer);

	return rc == DNSPROOF_OK ? judge(p, answer) : rc;
}

/* 404 is said of a missing set as of a missing zone. */
static enum dnsproof_rc set_get(const struct place *p, struct set *set)
{
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = ask(p, "GET", set_path(p), NULL, &answer);

	*set = (struct set){0};
	if (rc == DNSPROOF_OK && answer.status == 404)
		return zone_get(p, &answer);
	if (rc == DNSPROOF_OK)
		rc = judge(p, &answer);
	if (rc != DNSPROOF_OK)
		return rc;
	set->ttl = json_integer_value(json_object_get(answer.json, "ttl"));
	if (set->ttl <= 0 || !txt_is_list(json_object_get(answer.json, "rdata")))
		return odd(p);
	set->values = json_copy(json_object_get(answer.json, "rdata"));
	return DNSPROOF_OK;
}

/* Steals values. */
static enum dnsproof_rc set_put(const struct place *p, const struct set *set, json_t *values, unsigned ttl)
{
	int empty = json_array_size(values) == 0;
	const char *body =
	    exchange_json(p->call, json_pack("{s:s,s:s,s:I,s:o}", "name", p->name, "type", "TXT", "ttl",
	                                     set->values ? set->ttl : (json_int_t)ttl, "rdata", values));
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = ask(p,
	                          empty         ? "DELETE"
	                          : set->values ? "PUT"
	                                        : "POST",
	                          set_path(p), empty ? NULL : body, &answer);

	return rc == DNSPROOF_OK ? judge(p, &answer) : rc;
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	struct place p = place_of(&c->call, c->txt->zone, c->txt->name);
	struct set set;
	enum dnsproof_rc rc = set_get(&p, &set);
	json_t *values;

	if (rc != DNSPROOF_OK)
		return rc;
	values = del ? txt_without(&c->call, set.values, c->txt->value)
	             : txt_with(&c->call, set.values, c->txt->value);
	if (values)
		rc = set_put(&p, &set, values, c->txt->ttl);
	json_decref(set.values);
	return rc;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	return change(c, 0);
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return change(c, 1);
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct place p = place_of(&c->call, c->zone, c->name);
	struct set set;
	enum dnsproof_rc rc = set_get(&p, &set);

	if (rc == DNSPROOF_OK)
		txt_report(c, set.values);
	json_decref(set.values);
	return rc;
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct place p = place_of(&c->call, c->zone, c->name);
	struct dnsproof_http_answer answer;

	return zone_get(&p, &answer);
}

/* PENDING: the newest change is on its way to the servers. */
static enum dnsproof_rc live(struct dnsproof_live_call *c)
{
	struct place p = place_of(&c->call, c->txt->zone, c->txt->name);
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = zone_get(&p, &answer);
	const char *state = rc == DNSPROOF_OK ? verdict_text(answer.json, "activationState") : NULL;

	if (rc == DNSPROOF_OK && !state)
		return odd(&p);
	c->live = verdict_fits(state, "ACTIVE");
	return rc;
}

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	struct place p = place_of(&c->call, "", "");
	const char *file = option_text(&c->call, "edgerc"), *section = option_text(&c->call, "section");

	if (file && !ini_has(&c->call, file, section) && strcmp(section, "default") != 0)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID,
		                          "option edgerc: it has no section [%.60s]", section);
	if (p.endpoint && p.key.id && p.key.secret && p.key.token)
		return DNSPROOF_OK;
	return c->call.host->fail(
	    &c->call, DNSPROOF_INVALID,
	    "edgedns needs host, client_token, client_secret and access_token; type --set "
	    "edgerc=file:/path/of/.edgerc, or set the four options");
}

static const struct dnsproof_option options[] = {
    {"edgerc", DNSPROOF_ONE_OF | DNSPROOF_SECRET, NULL, NULL,
     "content of a .edgerc file (file:/path) of an API client that has READ-WRITE access to "
     "DNS-Zone "
     "Record Management and a group with the one zone alone"},
    {"section", 0, NULL, "default", "section of the .edgerc file"},
    {"host", DNSPROOF_ONE_OF, "AKAMAI_HOST", NULL, "the API client's host, akab-....luna.akamaiapis.net"},
    {"client_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AKAMAI_CLIENT_TOKEN", NULL,
     "the API client's client_token"},
    {"client_secret", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AKAMAI_CLIENT_SECRET", NULL,
     "the API client's client_secret"},
    {"access_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AKAMAI_ACCESS_TOKEN", NULL,
     "the API client's access_token"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "another API endpoint, https://HOST if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "edgedns",
    .summary = "Akamai Edge DNS",
    .url = "https://techdocs.akamai.com/edge-dns/reference/api",
    .options = options,
    .limits = {.least_ttl = 30},
    .replaces = DNSPROOF_RRSET,
    .add = add,
    .del = del,
    .open = start,
    .check = check,
    .list = list,
    .live = live,
    .uses_http = 1,
};
