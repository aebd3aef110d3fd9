#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "shared/given.h"
#include "shared/module.h"
#include "shared/quoted.h"
#include "shared/state.h"

enum { PAGES_MOST = 50 };

/* The TXT set of a name, as read. */
struct set {
	json_t *values; /* array of texts in presentation form */
	json_int_t ttl; /* 0 = there is no set */
};

static const char *zone_target(const struct dnsproof_call *call, const char *zone, const char *rest,
                               const char *page)
{
	const char *compartment = given_text(call, "compartment");

	return call->host->text(
	    call, "/20180115/zones/%s%s%s%s%s%s", given_path(call, zone), rest,
	    compartment || page ? "?" : "",
	    compartment ? call->host->text(call, "compartmentId=%s", given_path(call, compartment)) : "",
	    compartment && page ? "&" : "",
	    page ? call->host->text(call, "page=%s", given_path(call, page)) : "");
}

static const char *set_rest(const struct dnsproof_call *call, const char *name)
{
	return call->host->text(call, "/records/%s/TXT", given_path(call, name));
}

static enum dnsproof_rc items_take(const struct dnsproof_call *call, const json_t *json, struct set *set)
{
	const json_t *items = json_object_get(json, "items"), *item;
	size_t i;

	if (!json_is_array(items))
		return call->host->fail(call, DNSPROOF_TEMP, "Oracle's answer holds no records");
	json_array_foreach(items, i, item)
	{
		json_t *data = json_object_get(item, "rdata");
		const char *type = json_string_value(json_object_get(item, "rtype"));

		if (!json_is_string(data) || !type)
			return call->host->fail(call, DNSPROOF_TEMP,
			                        "a record of Oracle's answer is malformed");
		if (strcmp(type, "TXT") != 0)
			continue;
		json_array_append(set->values, data);
		set->ttl = json_integer_value(json_object_get(item, "ttl"));
	}
	return DNSPROOF_OK;
}

/* A set that is not there may be 404, which a zone that is not there is too. */
static enum dnsproof_rc zone_see(const struct dnsproof_call *call, const char *zone)
{
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc =
	    account_ask(call, call->self, "GET", zone_target(call, zone, "", NULL), NULL, &a);

	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status != 200)
		return call->host->http_fail(call, &a);
	if (!json_is_string(json_object_get(a.json, "name")))
		return call->host->fail(call, DNSPROOF_TEMP, "Oracle's answer is no zone");
	return DNSPROOF_OK;
}

static enum dnsproof_rc set_read(const struct dnsproof_call *call, const char *zone, const char *name,
                                 struct set *set)
{
	const char *page = NULL;
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc;
	int n = 0;

	*set = (struct set){.values = json_array()};
	do {
		rc = account_ask(call, call->self, "GET", zone_target(call, zone, set_rest(call, name), page),
		                 NULL, &a);
		if (rc != DNSPROOF_OK)
			return rc;
		if (a.status == 404)
			return zone_see(call, zone);
		if (a.status != 200)
			return call->host->http_fail(call, &a);
		rc = items_take(call, a.json, set);
		page = call->host->http_header(&a, "opc-next-page");
		if (page)
			page = call->host->text(call, "%s", page);
	} while (rc == DNSPROOF_OK && page && *page && ++n < PAGES_MOST);
	return rc;
}

static int set_has(const struct set *set, const char *value)
{
	const json_t *text;
	size_t i;

	json_array_foreach(set->values, i, text) if (quoted_is(json_string_value(text), value)) return 1;
	return 0;
}

/* ADD and REMOVE name one value and succeed when there is nothing to do
 * (https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/datatypes/RecordOperation). */
static enum dnsproof_rc set_patch(const struct dnsproof_call *call, const struct dnsproof_txt *txt,
                                  const char *operation, json_int_t ttl)
{
	json_t *item = json_pack("{s:s,s:s,s:o,s:s}", "domain", txt->name, "rtype", "TXT", "rdata",
	                         json_sprintf("\"%s\"", txt->value), "operation", operation);
	json_t *body = json_pack("{s:[O]}", "items", item);
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc;

	if (ttl)
		json_object_set_new(item, "ttl", json_integer(ttl));
	rc = account_ask(call, call->self, "PATCH",
	                 zone_target(call, txt->zone, set_rest(call, txt->name), NULL), body, &a);
	json_decref(item);
	json_decref(body);
	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status != 200)
		return call->host->http_fail(call, &a);
	if (!json_is_array(json_object_get(a.json, "items")))
		return call->host->fail(call, DNSPROOF_TEMP, "Oracle's answer holds no records");
	return DNSPROOF_OK;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->txt->zone, c->txt->name, &set);

	if (rc == DNSPROOF_OK && !set_has(&set, c->txt->value))
		rc = set_patch(&c->call, c->txt, "ADD", set.ttl ? set.ttl : (json_int_t)c->txt->ttl);
	json_decref(set.values);
	return rc;
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	return set_patch(&c->call, c->txt, "REMOVE", 0);
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	return zone_see(&c->call, c->zone);
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, c->name, &set);
	const json_t *text;
	size_t i, n;

	json_array_foreach(set.values, i, text)
	{
		char *value = rc == DNSPROOF_OK ? quoted_parse(json_string_value(text), &n) : NULL;

		if (value)
			c->value(c, value, n);
		free(value);
	}
	json_decref(set.values);
	return rc;
}

static enum dnsproof_rc account_begin(const struct dnsproof_call *call, void *state)
{
	return account_open(call, state);
}

static void account_end(void *state)
{
	account_close(state);
}

static enum dnsproof_rc oraclecloud_open(struct dnsproof_open_call *c)
{
	return state_open(c, sizeof(struct account), account_begin, account_end);
}

static void oraclecloud_close(struct dnsproof_call *call)
{
	state_close(call, account_end);
}

static const struct dnsproof_option options[] = {
    {"key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "OCI_PRIVATE_KEY OCI_PRIVKEY OCI_CLI_KEY", NULL,
     "API signing key of a user, in PEM; grant the user's group: allow group G to manage "
     "dns-records in compartment "
     "C where target.dns-zone.name='ZONE', and: to inspect dns-zones in compartment C"},
    {"key_password", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "OCI_PRIVATE_KEY_PASSWORD OCI_PRIVKEY_PASS", NULL,
     "passphrase of the key"},
    {"tenancy", DNSPROOF_ONE_OF, "OCI_TENANCY_OCID OCI_CLI_TENANCY", NULL, "OCID of the tenancy"},
    {"user", DNSPROOF_ONE_OF, "OCI_USER_OCID OCI_CLI_USER", NULL, "OCID of the user"},
    {"region", DNSPROOF_ONE_OF, "OCI_REGION OCI_CLI_REGION", NULL, "region, e.g. eu-frankfurt-1"},
    {"fingerprint", DNSPROOF_ONE_OF, "OCI_FINGERPRINT OCI_PUBKEY_FINGERPRINT", NULL,
     "fingerprint of the key; computed if it is not given"},
    {"compartment", 0, NULL, NULL, "OCID of the zones' compartment; rarely needed"},
    {"config", DNSPROOF_ONE_OF | DNSPROOF_SECRET, NULL, NULL,
     "content of ~/.oci/config, e.g. file:/home/me/.oci/config, for what is not given here"},
    {"profile", 0, NULL, "DEFAULT", "its section"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "the DNS service, if not https://dns.REGION.oraclecloud.com (other realms)"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("oraclecloud", "Oracle Cloud Infrastructure DNS, by API key",
           "https://docs.oracle.com/en-us/iaas/api/#/en/dns/20180115/"),
    .replaces = DNSPROOF_RECORD,
    MODULE_CALLS,
    .open = oraclecloud_open,
    .close = oraclecloud_close,
    .uses_http = 1,
};
