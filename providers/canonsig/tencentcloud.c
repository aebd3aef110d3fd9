#include <stdlib.h>

#include "tencent.h"

#define PAGE 1000

static struct ask find_zone(const struct place *p, const struct page *page)
{
	(void)page;
	return (struct ask){.action = "DescribeDomain", .body = json_pack("{s:s}", "Domain", p->zone)};
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.action = "DescribeRecordList",
	                    .body = json_pack("{s:s,s:s,s:s,s:I,s:i}", "Domain", p->zone, "Subdomain",
	                                      p->relative, "RecordType", "TXT", "Offset",
	                                      (json_int_t)page->seen, "Limit", PAGE),
	                    .fine = "ResourceNotFound.NoDataOfRecord"};
}

/* Line 0 is the default line under all its names. */
static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	return (struct ask){.action = "CreateRecord",
	                    .body = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I}", "Domain", p->zone, "SubDomain",
	                                      p->relative, "RecordType", "TXT", "RecordLine",
	                                      "\xe9\xbb\x98\xe8\xae\xa4", "RecordLineId", "0", "Value",
	                                      txt->value, "TTL", (json_int_t)txt->ttl),
	                    .fine = "InvalidParameter.DomainRecordExist"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){
	    .action = "DeleteRecord",
	    .body = json_pack("{s:s,s:I}", "Domain", p->zone, "RecordId", (json_int_t)strtoll(id, NULL, 10)),
	    .fine = "ResourceNotFound.NoDataOfRecord"};
}

const struct cloud cloud = {
    .endpoint = "https://dnspod.tencentcloudapi.com",
    .service = "dnspod",
    .version = "2021-03-23",
    TENCENT_CALLS,
    .asks = {find_zone, list, create, remove_id},
    .records = {.list = "RecordList", .total = "RecordCountInfo.TotalCount"},
    .record = {.name = "Name", .type = "Type", .id = "RecordId", .value = "Value"},
};

static const struct dnsproof_option options[] = {
    {"secret_id", DNSPROOF_REQUIRED, "TENCENTCLOUD_SECRET_ID Tencent_SecretId", NULL,
     "API key id of a CAM sub-user whose policy allows dnspod:DescribeDomain, DescribeRecordList, "
     "CreateRecord and DeleteRecord on qcs::dnspod::uin/UIN:domain/DOMAINID alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "TENCENTCLOUD_SECRET_KEY Tencent_SecretKey", NULL,
     "the key's secret"},
    {"session_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint, https://dnspod.tencentcloudapi.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("tencentcloud", "Tencent Cloud DNS (DNSPod), API 3.0",
           "https://www.tencentcloud.com/document/product/1157/49025"),
    .limits = {.least_ttl = 600, .requests_per_minute = 1200},
    RECORDS_CALLS,
};
