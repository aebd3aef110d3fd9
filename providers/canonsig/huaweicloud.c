#include <string.h>

#include "canonical.h"
#include "sets.h"

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

static void sign_request(const struct place *p, const struct ask *ask, struct signing *s)
{
	s->x.profile = SIGN_HUAWEI;
	s->x.path = ask->action;
	if (!s->x.endpoint)
		s->x.endpoint = p->call->host->text(p->call, "https://dns.%s.myhuaweicloud.com", s->x.region);
}

/* With the final dot that the API writes. */
static const char *dotted(const struct place *p, const char *name)
{
	return p->call->host->text(p->call, "%s.", name);
}

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "/v2/zones",
	                    .query = canonical_pairs(p->call, "type", "public", "name", dotted(p, p->zone),
	                                             "search_mode", "equal", "limit", "500", "offset",
	                                             place_number(p, page->seen), NULL)};
}

static const char *sets_path(const struct place *p)
{
	return p->call->host->text(p->call, "%s/recordsets", place_path(p, "/v2/zones", p->zone_id));
}

static struct ask find_set(const struct place *p, const struct page *page)
{
	(void)page;
	return (struct ask){.method = "GET",
	                    .action = sets_path(p),
	                    .query = canonical_pairs(p->call, "type", "TXT", "name", dotted(p, p->name),
	                                             "search_mode", "equal", "limit", "500", NULL)};
}

static int is_ours(const struct place *p, const json_t *set)
{
	const char *name = verdict_text(set, "name"), *line = verdict_text(set, "line");

	return !strcmp(name, dotted(p, p->name)) && verdict_fits(verdict_text(set, "type"), "TXT") &&
	       (!line || !strcmp(line, "default_view"));
}

static enum dnsproof_rc set_find(struct place *p, void *found, const json_t *list)
{
	struct set *set = found;
	const json_t *one;
	size_t i;

	json_array_foreach(list, i, one)
	{
		if (!verdict_text(one, "name"))
			return place_odd(p, "the list of record sets");
		if (set->id || !is_ours(p, one))
			continue;
		set->id = verdict_id(p->call, json_object_get(one, "id"));
		if (!set->id || set_take(p, one, "records", set) != DNSPROOF_OK)
			return place_odd(p, "the list of record sets");
	}
	return DNSPROOF_OK;
}

static enum dnsproof_rc set_get(struct place *p, struct set *set)
{
	static const struct shape shape = {.list = "recordsets"};
	enum dnsproof_rc rc = place_zone(p);

	return rc == DNSPROOF_OK ? cloud_pages(p, set, find_set, &shape, set_find) : rc;
}

static struct ask set_put(const struct place *p, const struct set *set, json_t *values, json_int_t ttl)
{
	if (json_array_size(values) == 0) {
		json_decref(values);
		return (struct ask){.method = "DELETE", .action = place_path(p, sets_path(p), set->id)};
	}
	return (struct ask){.method = set->id ? "PUT" : "POST",
	                    .action = place_path(p, sets_path(p), set->id),
	                    .body = json_pack("{s:s,s:s,s:I,s:o}", "name", dotted(p, p->name), "type", "TXT",
	                                      "ttl", ttl, "records", values)};
}

const struct cloud cloud = {
    .key = {"access_key", "secret_key", "security_token"},
    .sign = sign_request,
    .code = {"code", "error_code"},
    .message = {"message", "error_msg"},
    .words = words,
    .asks = {.find_zone = find_zone},
    .zones = {.list = "zones", .total = "metadata.total_count"},
    .zone = {.name = "name", .id = "id"},
};

const struct sets sets = {set_get, set_put};

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
    MODULE("huaweicloud", "Huawei Cloud DNS, by access key",
           "https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_60002.html"),
    .limits = {.least_ttl = 1, .most_values = 50},
    SETS_CALLS,
};
