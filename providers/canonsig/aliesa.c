#include "alibaba.h"
#include "canonical.h"

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "ListSites",
	                    .query = canonical_pairs(p->call, "SiteName", p->zone, "SiteSearchType", "exact",
	                                             "PageSize", "500", "PageNumber",
	                                             place_number(p, page->number), NULL)};
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "ListRecords",
	                    .query =
	                        canonical_pairs(p->call, "SiteId", p->zone_id, "RecordName", p->name,
	                                        "RecordMatchType", "exact", "Type", "TXT", "PageSize", "500",
	                                        "PageNumber", place_number(p, page->number), NULL)};
}

static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	const char *data = exchange_json(p->call, json_pack("{s:s}", "Value", txt->value));

	return (struct ask){.method = "POST",
	                    .action = "CreateRecord",
	                    .query =
	                        canonical_pairs(p->call, "SiteId", p->zone_id, "RecordName", p->name, "Type",
	                                        "TXT", "Ttl", place_number(p, txt->ttl), "Data", data, NULL),
	                    .fine = "Record.AlreadyExists"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){.method = "POST",
	                    .action = "DeleteRecord",
	                    .query = canonical_pairs(p->call, "RecordId", id, NULL),
	                    .fine = "Record.NotFound"};
}

const struct cloud cloud = {
    .endpoint = "https://esa.cn-hangzhou.aliyuncs.com",
    .version = "2024-09-10",
    ALIBABA_CALLS,
    .asks = {find_zone, list, create, remove_id},
    .zones = {.list = "Sites", .total = "TotalCount"},
    .zone = {.name = "SiteName", .id = "SiteId"},
    .records = {.list = "Records", .total = "TotalCount"},
    .record = {.name = "RecordName", .type = "RecordType", .id = "RecordId", .value = "Data.Value"},
    .whole_names = 1,
};

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "ALIESA_ACCESS_KEY", NULL,
     "AccessKey id of a RAM user whose policy allows esa:ListSites, ListRecords, CreateRecord and "
     "DeleteRecord on the site alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "ALIESA_SECRET_KEY", NULL, "the AccessKey's secret"},
    {"security_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint (outside China https://esa.ap-southeast-1.aliyuncs.com), "
     "https://esa.cn-hangzhou.aliyuncs.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("aliesa", "Alibaba Cloud ESA",
           "https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/api-esa-2024-09-10-overview"),
    .limits = {.least_ttl = 30},
    RECORDS_CALLS,
};
