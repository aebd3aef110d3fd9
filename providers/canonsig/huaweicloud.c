#include <string.h>

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

static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	s->x.profile = SIGN_HUAWEI;
	s->x.path = action;
	if (!s->x.endpoint)
		s->x.endpoint = p->call->host->text(p->call, "https://dns.%s.myhuaweicloud.com", s->x.region);
}

static int is_ours(const struct place *p, const json_t *set)
{
	const char *name = verdict_text(set, "name"), *line = verdict_text(set, "line");

	return !strcmp(name, p->call->host->text(p->call, "%s.", p->name)) &&
	       verdict_fits(verdict_text(set, "type"), "TXT") && (!line || !strcmp(line, "default_view"));
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

#define SETS "/v2/zones/$zone_id/recordsets"
#define ONE  "&search_mode=equal&limit=500"
#define SET  "{'name': '$name.', 'type': 'TXT', 'ttl': '#ttl', 'records': '@values'}"

static enum dnsproof_rc set_get(struct place *p, struct set *set)
{
	static const struct shape shape = {.list = "recordsets"};
	static const struct question find_set = {"GET", SETS, .query = "type=TXT&name=$name." ONE};
	enum dnsproof_rc rc = place_zone(p);

	return rc == DNSPROOF_OK ? cloud_pages(p, set, &find_set, &shape, set_find) : rc;
}

const struct cloud cloud = {
    .key = {"access_key", "secret_key", "security_token"},
    .sign = sign_request,
    .code = {"code", "error_code"},
    .message = {"message", "error_msg"},
    .words = words,
    .find_zone = {"GET", "/v2/zones", .query = "type=public&name=$zone.&offset=$seen" ONE},
    .zones = {.list = "zones", .total = "metadata.total_count"},
    .zone = {.name = "name", .id = "id"},
};

const struct sets sets = {
    set_get,
    .make = {"POST", SETS, .body = SET},
    .replace = {"PUT", SETS "/$id", .body = SET},
    .remove = {.method = "DELETE", .action = SETS "/$id"},
};

static const struct dnsproof_option options[] = {
    CLOUD_ID("access_key", "HUAWEICLOUD_ACCESS_KEY_ID",
             "access key (AK) of an IAM user whose policy allows dns:zone:list, dns:recordset:list, "
             "dns:recordset:create, dns:recordset:update and dns:recordset:delete alone"),
    CLOUD_SECRET("secret_key", "HUAWEICLOUD_SECRET_ACCESS_KEY", "the secret key (SK)"),
    CLOUD_TOKEN("security_token", "token of temporary credentials"),
    {"region", 0, NULL, "cn-north-4", "region of the API's endpoint"},
    CLOUD_ENDPOINT(", https://dns.REGION.myhuaweicloud.com"),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("huaweicloud", "Huawei Cloud DNS, by access key",
           "https://support.huaweicloud.com/intl/en-us/api-dns/dns_api_60002.html"),
    .limits = {.least_ttl = 1, .most_values = 50},
    SETS_CALLS,
};
