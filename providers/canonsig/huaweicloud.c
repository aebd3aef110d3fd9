#include <stdint.h>
#include <string.h>

#include "canonical.h"
#include "records.h"
#include "txt.h"

static const struct shape zones = {"zones", "metadata.total_count", "name", NULL, "id", NULL};

/* https://support.huaweicloud.com/intl/en-us/api-dns/ErrorCode.html */
static const struct verdict_word words[] = {
    {"APIGW.0308", DNSPROOF_RATE},
    {"APIGW.03*", DNSPROOF_AUTH},
    {"APIGW.0201", DNSPROOF_TEMP},
    {"DNS.0030", DNSPROOF_AUTH},
    {"DNS.0302", DNSPROOF_NOZONE},
    {"DNS.0101", DNSPROOF_NOZONE},
    {"DNS.0312", DNSPROOF_CONFLICT}, /* made by somebody else since we looked */
    {"DNS.0313", DNSPROOF_CONFLICT}, /* gone since we looked */
    {0},
};

static const char *code_of(const json_t *json)
{
	const char *code = verdict_text(json, "code");

	return code ? code : verdict_text(json, "error_code");
}

static const char *message_of(const json_t *json)
{
	const char *message = verdict_text(json, "message");

	return message ? message : verdict_text(json, "error_msg");
}

static enum dnsproof_rc ask(const struct place *p, const char *method, const char *path, const char *query,
                            json_t *body, const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint"), *region = option_text(p->call, "region");
	struct exchange x = {
	    .profile = SIGN_HUAWEI,
	    .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"),
	            option_text(p->call, "security_token")},
	    .endpoint = endpoint ? endpoint
	                         : p->call->host->text(p->call, "https://dns.%s.myhuaweicloud.com", region),
	    .method = method,
	    .path = path,
	    .query = query,
	    .content_type = body ? "application/json" : NULL,
	    .body = body ? exchange_json(p->call, body) : NULL};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*json = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	if (answer.status < 200 || answer.status > 299)
		return verdict(p->call, &answer, words, p->zone, code_of(answer.json),
		               message_of(answer.json));
	*json = answer.json;
	return answer.status == 204 || json_is_object(answer.json) ? DNSPROOF_OK : records_odd(p, path);
}

static enum dnsproof_rc zones_page(struct place *p, struct records *found, struct page *page)
{
	const char *query = canonical_pairs(
	    p->call, "type", "public", "name", p->call->host->text(p->call, "%s.", p->zone), "search_mode",
	    "equal", "limit", "500", "offset", p->call->host->text(p->call, "%zu", page->seen), NULL);
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "GET", "/v2/zones", query, NULL, &json);

	return rc == DNSPROOF_OK ? place_take(p, json, &zones, page) : rc;
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = records_pages(p, NULL, zones_page);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

/* The record set of a name; id is NULL if there is none. */
struct set {
	const char *id;
	json_int_t ttl;
	json_t *values; /* new reference */
};

static const char *sets_path(const struct place *p, const char *id)
{
	const struct dnsproof_host *host = p->call->host;

	return host->text(p->call, "/v2/zones/%s/recordsets%s%s",
	                  host->encode(p->call, "path", p->zone_id, strlen(p->zone_id)), id ? "/" : "",
	                  id ? host->encode(p->call, "path", id, strlen(id)) : "");
}

static int is_ours(const struct place *p, const json_t *set)
{
	const char *name = verdict_text(set, "name"), *line = verdict_text(set, "line");

	return name && !strcmp(name, p->call->host->text(p->call, "%s.", p->name)) &&
	       verdict_fits(verdict_text(set, "type"), "TXT") && (!line || !strcmp(line, "default_view"));
}

static enum dnsproof_rc set_get(struct place *p, struct set *out)
{
	const char *query =
	    canonical_pairs(p->call, "type", "TXT", "name", p->call->host->text(p->call, "%s.", p->name),
	                    "search_mode", "equal", "limit", "500", NULL);
	const json_t *json, *list, *set;
	enum dnsproof_rc rc = zone(p);
	size_t i;

	*out = (struct set){0};
	if (rc == DNSPROOF_OK)
		rc = ask(p, "GET", sets_path(p, NULL), query, NULL, &json);
	if (rc != DNSPROOF_OK)
		return rc;
	list = json_object_get(json, "recordsets");
	if (!json_is_array(list))
		return records_odd(p, "the list of record sets");
	json_array_foreach(list, i, set)
	{
		if (!json_is_object(set) || !verdict_text(set, "name"))
			return records_odd(p, "the list of record sets");
		if (out->id || !is_ours(p, set))
			continue;
		out->id = verdict_id(p->call, json_object_get(set, "id"));
		out->ttl = json_integer_value(json_object_get(set, "ttl"));
		if (!out->id || out->ttl <= 0 || !txt_is_list(json_object_get(set, "records")))
			return records_odd(p, "the list of record sets");
		out->values = json_copy(json_object_get(set, "records"));
	}
	return DNSPROOF_OK;
}

/* Steals values. */
static enum dnsproof_rc set_put(const struct place *p, const struct set *set, json_t *values, unsigned ttl)
{
	const char *name = p->call->host->text(p->call, "%s.", p->name);
	const json_t *json;

	if (json_array_size(values) == 0) {
		json_decref(values);
		return ask(p, "DELETE", sets_path(p, set->id), NULL, NULL, &json);
	}
	return ask(p, set->id ? "PUT" : "POST", sets_path(p, set->id), NULL,
	           json_pack("{s:s,s:s,s:I,s:o}", "name", name, "type", "TXT", "ttl",
	                     set->id ? set->ttl : (json_int_t)ttl, "records", values),
	           &json);
}

static enum dnsproof_rc change(struct dnsproof_txt_call *c, int del)
{
	struct place p = {&c->call, c->txt->zone, c->txt->name, c->txt->relative, c->txt->value, NULL};
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
	struct place p = {&c->call, c->zone, c->name, c->relative, NULL, NULL};
	struct set set;
	enum dnsproof_rc rc = set_get(&p, &set);

	if (rc == DNSPROOF_OK)
		txt_report(c, set.values);
	json_decref(set.values);
	return rc;
}

static enum dnsproof_rc check(struct dnsproof_check_call *c)
{
	struct place p = {&c->call, c->zone, c->name, NULL, NULL, NULL};

	return zone(&p);
}

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "HUAWEICLOUD_ACCESS_KEY_ID", NULL,
     "access key (AK) of an IAM user whose policy allows dns:zone:list, dns:recordset:list, "
     "dns:recordset:create, dns:recordset:update and dns:recordset:delete alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "HUAWEICLOUD_SECRET_ACCESS_KEY", NULL,
     "the secret key (SK)"},
    {"security_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"region", 0, NULL, "cn-north-4", "region of the API's endpoint"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint, https://dns.REGION.myhuaweicloud.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "huaweicloud",
    .summary = "Huawei Cloud DNS, by access key",
    .url = "https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_60002.html",
    .options = options,
    .limits = {.least_ttl = 1, .most_values = 50},
    .replaces = DNSPROOF_RRSET,
    .add = add,
    .del = del,
    .check = check,
    .list = list,
    .uses_http = 1,
};
