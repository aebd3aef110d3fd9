#include <stdint.h>

#include "alibaba.h"
#include "canonical.h"

static const struct alibaba api = {"2015-01-09", "https://alidns.aliyuncs.com"};
static const struct shape records = {"DomainRecords.Record", "TotalCount", "RR", "Type", "RecordId", "Value"};

/* The domain's name is enough for the API; only a check has nothing else to ask. */
static enum dnsproof_rc zone(struct place *p)
{
	const json_t *json;

	p->zone_id = p->zone;
	if (p->relative)
		return DNSPROOF_OK;
	return alibaba_call(p, &api, "GET", "DescribeDomainInfo",
	                    canonical_pairs(p->call, "DomainName", p->zone, NULL), NULL, &json);
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	const char *query =
	    canonical_pairs(p->call, "DomainName", p->zone, "SubDomain", p->name, "Type", "TXT", "PageSize",
	                    "500", "PageNumber", p->call->host->text(p->call, "%u", page->number), NULL);
	const json_t *json;
	enum dnsproof_rc rc = alibaba_call(p, &api, "GET", "DescribeSubDomainRecords", query, NULL, &json);

	return rc == DNSPROOF_OK ? records_take(p, found, json, &records, p->relative, page) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	const char *query =
	    canonical_pairs(p->call, "DomainName", p->zone, "RR", p->relative, "Type", "TXT", "Value",
	                    txt->value, "TTL", p->call->host->text(p->call, "%u", txt->ttl), NULL);
	const json_t *json;
	enum dnsproof_rc rc =
	    alibaba_call(p, &api, "POST", "AddDomainRecord", query, "DomainRecordDuplicate", &json);

	*id = verdict_id(p->call, json_object_get(json, "RecordId"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	const json_t *json;

	return alibaba_call(p, &api, "POST", "DeleteDomainRecord",
	                    canonical_pairs(p->call, "RecordId", id, NULL), "DomainRecordNotBelongToUser",
	                    &json);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

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
    DNSPROOF_PROVIDER_HEAD,
    .name = "alidns",
    .summary = "Alibaba Cloud DNS",
    .url = "https://www.alibabacloud.com/help/en/dns/api-alidns-2015-01-09-overview",
    .options = options,
    .limits = {.least_ttl = 600},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
