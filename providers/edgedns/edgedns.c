#include <string.h>

#include "canonsig/sets.h"
#include "ini.h"

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

static struct sign_key key_of(const struct dnsproof_call *call)
{
	struct sign_key key = {credential(call, "client_token", "client_token"),
	                       credential(call, "client_secret", "client_secret"),
	                       credential(call, "access_token", "access_token")};

	if (option_text(call, "edgerc")) {
		call->host->secret(call, key.secret);
		call->host->secret(call, key.id);
		call->host->secret(call, key.token);
	}
	return key;
}

static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	s->x.profile = SIGN_EG1;
	s->x.key = key_of(p->call);
	s->x.endpoint = endpoint_of(p->call);
	s->x.path = action;
}

#define ZONE "/config-dns/v2/zones/$zone"
#define SET  ZONE "/names/$name/types/TXT"
#define BODY "{'name': '$name', 'type': 'TXT', 'ttl': '#ttl', 'rdata': '@values'}"

/* 404 is said of a missing set as of a missing zone. */
static enum dnsproof_rc set_get(struct place *p, struct set *set)
{
	static const struct question get = {"GET", SET, .absent_is_fine = 1};
	const json_t *json;
	enum dnsproof_rc rc = cloud_ask(p, &get, &json);

	if (rc != DNSPROOF_OK)
		return rc;
	return json ? set_take(p, json, "rdata", set) : cloud_ask(p, &cloud.find_zone, &json);
}

/* Problem documents: https://techdocs.akamai.com/edge-dns/reference/api-errors */
const struct cloud cloud = {
    .key = {"client_token", "client_secret", "access_token"},
    .sign = sign_request,
    .code = {"title"},
    .message = {"detail"},
    .find_zone = {.method = "GET", .action = ZONE},
};

const struct sets sets = {
    set_get,
    .make = {"POST", SET, .body = BODY},
    .replace = {"PUT", SET, .body = BODY},
    .remove = {.method = "DELETE", .action = SET},
};

/* PENDING: the newest change is on its way to the servers. */
static enum dnsproof_rc live(struct dnsproof_live_call *c)
{
	struct place p = {.call = &c->call, .zone = c->txt->zone, .name = c->txt->name};
	const json_t *json;
	enum dnsproof_rc rc = cloud_ask(&p, &cloud.find_zone, &json);
	const char *state = rc == DNSPROOF_OK ? verdict_text(json, "activationState") : NULL;

	if (rc == DNSPROOF_OK && !state)
		return place_odd(&p, "the zone");
	c->live = verdict_fits(state, "ACTIVE");
	return rc;
}

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	struct sign_key key = key_of(&c->call);
	const char *file = option_text(&c->call, "edgerc"), *section = option_text(&c->call, "section");

	if (file && !ini_has(&c->call, file, section) && strcmp(section, "default") != 0)
		return c->call.host->fail(&c->call, DNSPROOF_INVALID,
		                          "option edgerc: it has no section [%.60s]", section);
	if (endpoint_of(&c->call) && key.id && key.secret && key.token)
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
    MODULE("edgedns", "Akamai Edge DNS", "https://techdocs.akamai.com/edge-dns/reference/api"),
    .limits = {.least_ttl = 30},
    .open = start,
    .live = live,
    SETS_CALLS,
};
