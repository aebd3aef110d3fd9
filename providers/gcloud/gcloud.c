#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/given.h"
#include "shared/module.h"
#include "service.h"
#include "shared/quoted.h"
#include "shared/state.h"

/* One TXT set, as read. */
struct set {
	const char *zone; /* URL of the managed zone, a text of the host */
	json_t *had;      /* the set as it must stand in a deletion, NULL if there is none */
	json_t *values;   /* array of texts in presentation form */
	json_int_t ttl;   /* 0 = there is no set */
};

static void set_free(struct set *set)
{
	json_decref(set->had);
	json_decref(set->values);
}

static enum dnsproof_rc set_take(const struct dnsproof_call *call, const json_t *item, struct set *set)
{
	const json_t *values = json_object_get(item, "rrdatas"), *value;
	size_t i;

	set->ttl = json_integer_value(json_object_get(item, "ttl"));
	if (json_object_get(item, "routingPolicy"))
		return call->host->fail(call, DNSPROOF_INVALID,
		                        "the TXT set has a routing policy, which must not be overwritten");
	if (!json_is_array(values) || set->ttl <= 0)
		return call->host->fail(call, DNSPROOF_TEMP, "Google's record set is not of the known form");
	json_array_foreach(values, i, value) if (!json_is_string(value)) return call->host->fail(
	    call, DNSPROOF_TEMP, "Google's record set is not of the known form");
	set->values = json_deep_copy(values);
	set->had = json_pack("{s:O,s:s,s:I,s:O}", "name", json_object_get(item, "name"), "type", "TXT", "ttl",
	                     set->ttl, "rrdatas", values);
	return DNSPROOF_OK;
}

static int is_set(const json_t *item, const char *name)
{
	const char *said = json_string_value(json_object_get(item, "name"));
	const char *type = json_string_value(json_object_get(item, "type"));
	size_t n = strlen(name);

	return said && type && !strcmp(type, "TXT") && !strncmp(said, name, n) && !strcmp(said + n, ".");
}

static enum dnsproof_rc set_read(const struct dnsproof_call *call, const char *zone, const char *name,
                                 struct set *set)
{
	const json_t *items = NULL, *item;
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc;
	size_t i;

	*set = (struct set){0};
	rc = service_zone(call, call->self, zone, &set->zone);
	if (rc == DNSPROOF_OK)
		rc = service_ask(
		    call, call->self,
		    call->host->text(call, "%s/rrsets?name=%s.&type=TXT", set->zone, given_path(call, name)),
		    NULL, &a);
	if (rc == DNSPROOF_OK)
		rc = service_items(call, a.json, "rrsets", "dns#resourceRecordSetsListResponse", &items);
	json_array_foreach(items, i, item) if (rc == DNSPROOF_OK && !set->had && is_set(item, name)) rc =
	    set_take(call, item, set);
	if (!set->values)
		set->values = json_array();
	return rc;
}

static size_t set_find(const struct set *set, const char *value)
{
	size_t i = 0;

	while (i < json_array_size(set->values) &&
	       !quoted_is(json_string_value(json_array_get(set->values, i)), value))
		i++;
	return i;
}

/* One change with the exact old set and the new one: refused if the set is not as it was read. */
static enum dnsproof_rc set_write(const struct dnsproof_call *call, const struct set *set,
                                  const struct dnsproof_txt *txt, char *handle)
{
	const char *name = call->host->text(call, "%s.", txt->name), *id;
	json_t *body = json_object(), *new_set;
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc;

	if (set->had)
		json_object_set_new(body, "deletions", json_pack("[O]", set->had));
	if (json_array_size(set->values) > 0) {
		new_set = json_pack("{s:s,s:s,s:I,s:O}", "name", name, "type", "TXT", "ttl",
		                    set->ttl ? set->ttl : (json_int_t)txt->ttl, "rrdatas", set->values);
		json_object_set_new(body, "additions", json_pack("[o]", new_set));
	}
	rc = service_ask(call, call->self, call->host->text(call, "%s/changes", set->zone), body, &a);
	json_decref(body);
	if (rc != DNSPROOF_OK)
		return rc;
	id = json_string_value(json_object_get(a.json, "id"));
	if (!id || strlen(id) >= DNSPROOF_HANDLE_MOST)
		return call->host->fail(call, DNSPROOF_TEMP, "Google's answer holds no id of the change");
	snprintf(handle, DNSPROOF_HANDLE_MOST, "%s", id);
	return DNSPROOF_OK;
}

static enum dnsproof_rc add(struct dnsproof_txt_call *c)
{
	struct dnsproof_txt *txt = c->txt;
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, txt->zone, txt->name, &set);

	if (rc == DNSPROOF_OK && set_find(&set, txt->value) == json_array_size(set.values)) {
		json_array_append_new(set.values, json_sprintf("\"%s\"", txt->value));
		rc = set_write(&c->call, &set, txt, txt->handle);
	}
	set_free(&set);
	return rc;
}

static enum dnsproof_rc del(struct dnsproof_txt_call *c)
{
	struct dnsproof_txt *txt = c->txt;
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, txt->zone, txt->name, &set);
	size_t at, had = json_array_size(set.values);
	char id[DNSPROOF_HANDLE_MOST];

	while (rc == DNSPROOF_OK && (at = set_find(&set, txt->value)) < json_array_size(set.values))
		json_array_remove(set.values, at);
	if (rc == DNSPROOF_OK && json_array_size(set.values) < had)
		rc = set_write(&c->call, &set, txt, id);
	set_free(&set);
	return rc;
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, c->name ? c->name : c->zone, &set);

	set_free(&set);
	return rc;
}

static enum dnsproof_rc list(struct dnsproof_list_call *c)
{
	struct set set;
	enum dnsproof_rc rc = set_read(&c->call, c->zone, c->name, &set);

	for (size_t i = 0; rc == DNSPROOF_OK && i < json_array_size(set.values); i++) {
		size_t n;
		char *text = quoted_parse(json_string_value(json_array_get(set.values, i)), &n);

		if (text)
			c->value(c, text, n);
		free(text);
	}
	set_free(&set);
	return rc;
}

/* The change's state, or that of the newest change when it is not known which one it was. "done"
 * says that the servers were told, not that all of them answer so
 * (https://cloud.google.com/dns/docs/reference/rest/v1/changes). */
static enum dnsproof_rc gcloud_live(struct dnsproof_live_call *c)
{
	const struct dnsproof_call *call = &c->call;
	const char *zone, *status, *id = c->txt->handle;
	struct dnsproof_http_answer a;
	enum dnsproof_rc rc = service_zone(call, call->self, c->txt->zone, &zone);
	const json_t *change;

	if (rc == DNSPROOF_OK)
		rc = service_ask(
		    call, call->self,
		    *id ? call->host->text(call, "%s/changes/%s", zone, given_path(call, id))
		        : call->host->text(
		              call, "%s/changes?maxResults=1&sortBy=changeSequence&sortOrder=descending",
		              zone),
		    NULL, &a);
	if (rc != DNSPROOF_OK)
		return rc;
	change = *id ? a.json : json_array_get(json_object_get(a.json, "changes"), 0);
	status = json_string_value(json_object_get(change, "status"));
	if (!status)
		return call->host->fail(call, DNSPROOF_TEMP, "Google's change has no status");
	c->live = !strcmp(status, "done");
	return DNSPROOF_OK;
}

static enum dnsproof_rc service_begin(const struct dnsproof_call *call, void *state)
{
	struct service *service = state;

	return identity_open(call, &service->identity);
}

static void service_end(void *state)
{
	service_close(state);
}

static enum dnsproof_rc gcloud_open(struct dnsproof_open_call *c)
{
	return state_open(c, sizeof(struct service), service_begin, service_end);
}

static void gcloud_close(struct dnsproof_call *call)
{
	state_close(call, service_end);
}

static const struct dnsproof_option options[] = {
    {"key", DNSPROOF_ONE_OF | DNSPROOF_SECRET, "GCE_SERVICE_ACCOUNT", NULL,
     "content of a service account's JSON key file, e.g. file:/path; without it the metadata "
     "server is asked. "
     "Least privilege: a custom role with dns.managedZones.list, "
     "dns.resourceRecordSets.{list,create,update,delete}, "
     "dns.changes.{create,get,list}"},
    {"project", 0, NULL, NULL, "project of the zones; the standard is the key file's or the machine's"},
    {"managed_zone", 0, NULL, NULL, "which managed zone, when several have the same DNS name"},
    {"impersonate", 0, NULL, NULL,
     "service account to act as; needs the role Service Account Token Creator on it"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "Cloud DNS, if not https://dns.googleapis.com"},
    {"token_endpoint", DNSPROOF_URL, NULL, NULL,
     "where tokens are asked for, if not at the key file's token_uri"},
    {"iam_endpoint", DNSPROOF_URL, NULL, NULL,
     "where to impersonate, if not at https://iamcredentials.googleapis.com"},
    {"metadata_endpoint", DNSPROOF_URL, NULL, NULL, "metadata server, if not http://169.254.169.254"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("gcloud", "Google Cloud DNS: service account, metadata server, impersonation",
           "https://cloud.google.com/dns/docs/reference/rest/v1"),
    .limits = {.most_values = 100},
    .replaces = DNSPROOF_RRSET,
    .compare_and_swap = 1,
    MODULE_CALLS,
    .open = gcloud_open,
    .live = gcloud_live,
    .close = gcloud_close,
    .uses_http = 1,
};
