#include <stdint.h>

#include "tencent.h"

static const struct tencent teo = {"teo", "2022-09-01", "https://teo.tencentcloudapi.com"};
static const struct shape zones = {"Zones", "TotalCount", "ZoneName", NULL, "ZoneId", NULL};
static const struct shape records = {"DnsRecords", "TotalCount", "Name", "Type", "RecordId", "Content"};

#define PAGE 100

static enum dnsproof_rc zones_page(struct place *p, struct records *found, struct page *page)
{
	json_t *body = json_pack("{s:I,s:i,s:[{s:s,s:[s]}]}", "Offset", (json_int_t)page->seen, "Limit", PAGE,
	                         "Filters", "Name", "zone-name", "Values", p->zone);
	const json_t *response;
	enum dnsproof_rc rc = tencent_call(p, &teo, "DescribeZones", body, NULL, &response);

	return rc == DNSPROOF_OK ? place_take(p, response, &zones, page) : rc;
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = records_pages(p, NULL, zones_page);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	json_t *body = json_pack("{s:s,s:I,s:i,s:[{s:s,s:[s]},{s:s,s:[s]}]}", "ZoneId", p->zone_id, "Offset",
	                         (json_int_t)page->seen, "Limit", PAGE, "Filters", "Name", "name", "Values",
	                         p->name, "Name", "type", "Values", "TXT");
	const json_t *response;
	enum dnsproof_rc rc = tencent_call(p, &teo, "DescribeDnsRecords", body, NULL, &response);

	return rc == DNSPROOF_OK ? records_take(p, found, response, &records, p->name, page) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	json_t *body = json_pack("{s:s,s:s,s:s,s:s,s:I}", "ZoneId", p->zone_id, "Name", p->name, "Type",
	                         "TXT", "Content", txt->value, "TTL", (json_int_t)txt->ttl);
	const json_t *response;
	enum dnsproof_rc rc =
	    tencent_call(p, &teo, "CreateDnsRecord", body, "InvalidParameterValue.ConflictRecord", &response);

	*id = verdict_id(p->call, json_object_get(response, "RecordId"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	json_t *body = json_pack("{s:s,s:[s]}", "ZoneId", p->zone_id, "RecordIds", id);
	const json_t *response;

	return tencent_call(p, &teo, "DeleteDnsRecords", body, "ResourceNotFound.RecordNotFound", &response);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
    {"secret_id", DNSPROOF_REQUIRED, "EDGEONE_SECRET_ID", NULL,
     "API key id of a CAM sub-user whose policy allows teo:DescribeZones, DescribeDnsRecords, "
     "CreateDnsRecord and DeleteDnsRecords on qcs::teo::uin/UIN:zone/ZONEID alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "EDGEONE_SECRET_KEY", NULL, "the key's secret"},
    {"session_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint, https://teo.tencentcloudapi.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "edgeone",
    .summary = "Tencent EdgeOne",
    .url = "https://edgeone.ai/document/50454",
    .options = options,
    .limits = {.least_ttl = 60, .requests_per_minute = 600},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
