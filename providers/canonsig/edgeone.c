#include "tencent.h"

#define PAGE 100

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.action = "DescribeZones",
	                    .body =
	                        json_pack("{s:I,s:i,s:[{s:s,s:[s]}]}", "Offset", (json_int_t)page->seen,
	                                  "Limit", PAGE, "Filters", "Name", "zone-name", "Values", p->zone)};
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.action = "DescribeDnsRecords",
	                    .body =
	                        json_pack("{s:s,s:I,s:i,s:[{s:s,s:[s]},{s:s,s:[s]}]}", "ZoneId", p->zone_id,
	                                  "Offset", (json_int_t)page->seen, "Limit", PAGE, "Filters", "Name",
	                                  "name", "Values", p->name, "Name", "type", "Values", "TXT")};
}

static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	return (struct ask){.action = "CreateDnsRecord",
	                    .body =
	                        json_pack("{s:s,s:s,s:s,s:s,s:I}", "ZoneId", p->zone_id, "Name", p->name,
	                                  "Type", "TXT", "Content", txt->value, "TTL", (json_int_t)txt->ttl),
	                    .fine = "InvalidParameterValue.ConflictRecord"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){.action = "DeleteDnsRecords",
	                    .body = json_pack("{s:s,s:[s]}", "ZoneId", p->zone_id, "RecordIds", id),
	                    .fine = "ResourceNotFound.RecordNotFound"};
}

const struct cloud cloud = {
    .endpoint = "https://teo.tencentcloudapi.com",
    .service = "teo",
    .version = "2022-09-01",
    TENCENT_CALLS,
    .asks = {find_zone, list, create, remove_id},
    .zones = {.list = "Zones", .total = "TotalCount"},
    .zone = {.name = "ZoneName", .id = "ZoneId"},
    .records = {.list = "DnsRecords", .total = "TotalCount"},
    .record = {.name = "Name", .type = "Type", .id = "RecordId", .value = "Content"},
    .whole_names = 1,
};

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
    MODULE("edgeone", "Tencent EdgeOne", "https://edgeone.ai/document/50454"),
    .limits = {.least_ttl = 60, .requests_per_minute = 600},
    RECORDS_CALLS,
};
