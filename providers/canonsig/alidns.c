#include "alibaba.h"
#include "canonical.h"

static struct ask find_zone(const struct place *p, const struct page *page)
{
	(void)page;
	return (struct ask){.method = "GET",
	                    .action = "DescribeDomainInfo",
	                    .query = canonical_pairs(p->call, "DomainName", p->zone, NULL)};
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "DescribeSubDomainRecords",
	                    .query = canonical_pairs(p->call, "DomainName", p->zone, "SubDomain", p->name,
	                                             "Type", "TXT", "PageSize", "500", "PageNumber",
	                                             place_number(p, page->number), NULL)};
}

static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	return (struct ask){.method = "POST",
	                    .action = "AddDomainRecord",
	                    .query = canonical_pairs(p->call, "DomainName", p->zone, "RR", p->relative,
	                                             "Type", "TXT", "Value", txt->value, "TTL",
	                                             place_number(p, txt->ttl), NULL),
	                    .fine = "DomainRecordDuplicate"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){.method = "POST",
	                    .action = "DeleteDomainRecord",
	                    .query = canonical_pairs(p->call, "RecordId", id, NULL),
	                    .fine = "DomainRecordNotBelongToUser"};
}

const struct cloud cloud = {
    .endpoint = "https://alidns.aliyuncs.com",
    .version = "2015-01-09",
    ALIBABA_CALLS,
    .asks = {find_zone, list, create, remove_id},
    .records = {.list = "DomainRecords.Record", .total = "TotalCount"},
    .record = {.name = "RR", .type = "Type", .id = "RecordId", .value = "Value"},
};

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "ALICLOUD_ACCESS_KEY Ali_Key", NULL,
     "AccessKey id of a RAM user whose policy allows alidns:DescribeDomainInfo, "
     "DescribeSubDomainRecords, "
     "AddDomainRecord and DeleteDomainRecord on acs:alidns:*:ACCOUNT:domain/ZONE alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "ALICLOUD_SECRET_KEY Ali_Secret", NULL,
     "the AccessKey's secret"},
    {"security_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint (https://alidns.REGION.aliyuncs.com), https://alidns.aliyuncs.com if "
     "not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("alidns", "Alibaba Cloud DNS",
           "https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview"),
    .limits = {.least_ttl = 600},
    RECORDS_CALLS,
};
