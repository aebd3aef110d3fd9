#include <stdint.h>
#include <stdlib.h>

#include "tencent.h"

static const struct tencent dnspod = {"dnspod", "2021-03-23", "https://dnspod.tencentcloudapi.com"};
static const struct shape records = {"RecordList", "RecordCountInfo.TotalCount", "Name", "Type", "RecordId",
                                     "Value"};

#define PAGE 1000

/* The domain's name is enough for the API; only a check has nothing else to ask. */
static enum dnsproof_rc zone(struct place *p)
{
	const json_t *response;

	p->zone_id = p->zone;
	if (p->relative)
		return DNSPROOF_OK;
	return tencent_call(p, &dnspod, "DescribeDomain", json_pack("{s:s}", "Domain", p->zone), NULL,
	                    &response);
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	json_t *body = json_pack("{s:s,s:s,s:s,s:I,s:i}", "Domain", p->zone, "Subdomain", p->relative,
	                         "RecordType", "TXT", "Offset", (json_int_t)page->seen, "Limit", PAGE);
	const json_t *response;
	enum dnsproof_rc rc = tencent_call(p, &dnspod, "DescribeRecordList", body,
	                                   "ResourceNotFound.NoDataOfRecord", &response);

	if (rc != DNSPROOF_OK || !response)
		return rc;
	return records_take(p, found, response, &records, p->relative, page);
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

/* Line 0 is the default line under all its names. */
static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	json_t *body = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I}", "Domain", p->zone, "SubDomain", p->relative,
	                         "RecordType", "TXT", "RecordLine", "\xe9\xbb\x98\xe8\xae\xa4",
	                         "RecordLineId", "0", "Value", txt->value, "TTL", (json_int_t)txt->ttl);
	const json_t *response;
	enum dnsproof_rc rc =
	    tencent_call(p, &dnspod, "CreateRecord", body, "InvalidParameter.DomainRecordExist", &response);

	*id = verdict_id(p->call, json_object_get(response, "RecordId"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	json_t *body =
	    json_pack("{s:s,s:I}", "Domain", p->zone, "RecordId", (json_int_t)strtoll(id, NULL, 10));
	const json_t *response;

	return tencent_call(p, &dnspod, "DeleteRecord", body, "ResourceNotFound.NoDataOfRecord", &response);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

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
    DNSPROOF_PROVIDER_HEAD,
    .name = "tencentcloud",
    .summary = "Tencent Cloud DNS (DNSPod), API 3.0",
    .url = "https://www.tencentcloud.com/document/product/1157/49025",
    .options = options,
    .limits = {.least_ttl = 600, .requests_per_minute = 1200},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
