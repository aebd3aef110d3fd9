#include <stdlib.h>
#include <string.h>

#include "manager.h"
#include "shared/given.h"
#include "shared/module.h"
#include "shared/state.h"

/* One TXT record set, as read. */
struct set {
	const char *url;  /* a text of the host */
	json_t *values;   /* array of TXT records as the API has them; empty if there is no set */
	json_t *metadata; /* of the set, kept */
	json_int_t ttl;   /* 0 = no set */
	const char *etag; /* a text of the host, NULL = no set */
};

static void set_free(struct set *set)
{
	json_decref(set->values);
	json_decref(set->metadata);
}

/* The strings of a TXT record joined; new string, NULL if it is not of the known form. */
static char *record_text(const json_t *record)
{
	const json_t *strings = json_object_get(record, "value"), *string;
	char *text = calloc(1, 1), *more;
	size_t i, n = 0;

	if (!text)
		abort();
	json_array_foreach(strings, i, string)
	{
		size_t length = json_string_length(string);

		more = realloc(text, n + length + 1);
		if (!more)
			abort();
		text = more;
		memcpy(text + n, json_is_string(string) ? json_string_value(string) : "", length + 1);
		n += length;
	}
	if (json_is_array(strings))
		return text;
	free(text);
	return NULL;
}

static int record_is(const json_t *record, const char *value)
{
	char *text = record_text(record);
	int same = !strcmp(text, value);

	free(text);
	return same;
}

static int values_are_known(const json_t *values)
{
	const json_t *record, *string;
	size_t i, j;

	if (!json_is_array(values))
		return 0;
	json_array_foreach(values, i, record)
	{
		if (!json_is_array(json_object_get(record, "value")))
			return 0;
		json_array_foreach(json_object_get(record, "value"), j,
		                   string) if (!json_is_string(string)) return 0;
	}
	return 1;
}

static enum dnsproof_rc set_take(const struct dnsproof_call *call, const json_t *json, struct set *set)
{
	json_t *properties = json_object_get(json, "properties");
	json_t *values = json_object_get(properties, "TXTRecords");
	json_t *metadata = json_object_get(properties, "metadata");
	const char *etag = json_string_value(json_object_get(json, "etag"));

	set->ttl = json_integer_value(json_object_get(properties, "TTL"));
	if (!values_are_known(values) || !etag || set->ttl <= 0)
		return call->host->fail(call, DNSPROOF_TEMP, "Azure's record set is not of the known form");
	set->values = json_deep_copy(values);
	set->metadata = json_is_object(metadata) ? json_deep_copy(metadata) : NULL;
	set->etag = call->host->text(call, "%s", etag);
	return DNSPROOF_OK;
}

static enum dnsproof_rc set_read(const struct dnsproof_call *call, const char *zone, const char *relative,
                                 struct set *set)
{
	struct manager_request r = {.method = "GET"};
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc;

	*set = (struct set){0};
	rc = manager_zone(call, call->self, zone, &set->url);
	if (rc != DNSPROOF_OK)
		return rc;
	set->url = manager_versioned(
	    call, call->host->text(call, "%s/TXT/%s", set->url, given_path(call, relative)));
	r.url = set->url;
	rc = manager_ask(call, call->self, &r, &a);
	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status == 404) {
		set->values = json_array();
		return DNSPROOF_OK;
	}
	return a.status == 200 ? set_take(call, a.json, set) : call->host->http_fail(call, &a);
}

static size_t set_find(const struct set *set, const char *value)
{
	size_t i = 0;

	while (i < json_array_size(set->values) && !record_is(json_array_get(set->values, i), value))
		i++;
	return i;
}

/* Only if the set is still as it was read. */
static enum dnsproof_rc set_write(const struct dnsproof_call *call, const struct set *set, unsigned ttl)
{
	const struct dnsproof_http_header condition = {set->etag ? "If-Match" : "If-None-Match",
	                                               set->etag ? set->etag : "*"};
	int empty = json_array_size(set->values) == 0;
	json_t *properties = json_pack("{s:I,s:O,s:O*}", "TTL", set->ttl ? set->ttl : (json_int_t)ttl,
	                               "TXTRecords", set->values, "metadata", set->metadata);
	json_t *body = json_pack("{s:o}", "properties", properties);
	struct manager_request r = {.method = empty ? "DELETE" : "PUT",
	                            .url = set->url,
	                            .json = empty ? NULL : body,
	                            .condition = &condition};
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc = manager_ask(call, call->self, &r, &a);

	json_decref(body);
	if (rc != DNSPROOF_OK)
		return rc;
	if (a.status < 200 || a.status > 204)
		return call->host->http_fail(call, &a);
	if (empty ? a.body_len == 0 || a.json : json_is_string(json_object_get(a.json, "etag")))
		return DNSPROOF_OK;
	return call->host->fail(call, DNSPROOF_TEMP, "what answers is not Azure: its answer has no etag");
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	const struct dnsproof_txt *txt = c->txt;
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, txt->zone, txt->relative, &set);

	if (rc == DNSPROOF_OK && set_find(&set, txt->value) == json_array_size(set.values)) {
		json_array_append_new(set.values, json_pack("{s:[s]}", "value", txt->value));
		rc = set_write(&c->call, &set, txt->ttl);
	}
	set_free(&set);
	return rc;
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	const struct dnsproof_txt *txt = c->txt;
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, txt->zone, txt->relative, &set);
	size_t had = json_array_size(set.values), at;

	while (rc == DNSPROOF_OK && (at = set_find(&set, txt->value)) < json_array_size(set.values))
		json_array_remove(set.values, at);
	if (rc == DNSPROOF_OK && json_array_size(set.values) < had)
		rc = set_write(&c->call, &set, txt->ttl);
	set_free(&set);
	return rc;
}

static const char *relative_of(const struct dnsproof_call *call, const char *zone, const char *name)
{
	size_t n = name ? strlen(name) : 0, z = strlen(zone);

	return n > z ? call->host->text(call, "%.*s", (int)(n - z - 1), name) : "@";
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, relative_of(&c->call, c->zone, c->name), &set);

	set_free(&set);
	return rc;
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, c->relative, &set);

	for (size_t i = 0; rc == DNSPROOF_OK && i < json_array_size(set.values); i++) {
		char *text = record_text(json_array_get(set.values, i));

		c->value(c, text, strlen(text));
		free(text);
	}
	set_free(&set);
	return rc;
}

static enum dnsproof_rc manager_begin(const struct dnsproof_call *call, void *state)
{
	struct manager *manager = state;

	return identity_open(call, &manager->identity);
}

static void manager_end(void *state)
{
	manager_close(state);
}

static enum dnsproof_rc azuredns_open(struct dnsproof_open_call *c)
{
	return state_open(c, sizeof(struct manager), manager_begin, manager_end);
}

static void azuredns_close(struct dnsproof_call *call)
{
	state_close(call, manager_end);
}

static const struct dnsproof_option options[] = {
    {"subscription", DNSPROOF_REQUIRED, "AZURE_SUBSCRIPTION_ID AZUREDNS_SUBSCRIPTIONID", NULL,
     "subscription id; grant the identity the role DNS Zone Contributor on the zone alone, or "
     "better an own role "
     "with Microsoft.Network/dnsZones/read and Microsoft.Network/dnsZones/TXT/{read,write,delete}"},
    {"resource_group", 0, NULL, NULL,
     "resource group of the zones; without it the subscription's zones are listed, which needs "
     "Microsoft.Network/dnsZones/read on the subscription"},
    {"tenant", DNSPROOF_ONE_OF, "AZURE_TENANT_ID AZUREDNS_TENANTID", NULL, "directory (tenant) id"},
    {"client_id", DNSPROOF_ONE_OF, "AZURE_CLIENT_ID AZUREDNS_APPID", NULL,
     "application (client) id; for managed identity, the user-assigned one"},
    {"client_secret", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AZURE_CLIENT_SECRET AZUREDNS_CLIENTSECRET", NULL,
     "client secret of the application"},
    {"certificate", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AZURE_CLIENT_CERTIFICATE", NULL,
     "client certificate and its RSA key, in PEM, instead of a secret"},
    {"certificate_password", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AZURE_CLIENT_CERTIFICATE_PASSWORD", NULL,
     "passphrase of that key"},
    {"federated_token", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "AZURE_FEDERATED_TOKEN", NULL,
     "workload identity: the projected token, e.g. "
     "file:/var/run/secrets/azure/tokens/azure-identity-token"},
    {"cloud", 0, NULL, "public", "public, usgovernment or china"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "the resource manager, if it is none of these"},
    {"login_endpoint", DNSPROOF_URL, NULL, NULL, "the login service, if another"},
    {"metadata_endpoint", DNSPROOF_URL, NULL, NULL,
     "where a managed identity is asked for; the standard is http://169.254.169.254"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("azuredns", "Azure DNS: client secret, certificate, managed or workload identity",
           "https://learn.microsoft.com/en-us/rest/api/dns/record-sets"),
    .limits = {.least_ttl = 1},
    .replaces = DNSPROOF_RRSET,
    .compare_and_swap = 1,
    MODULE_CALLS,
    .open = azuredns_open,
    .close = azuredns_close,
    .uses_http = 1,
};
