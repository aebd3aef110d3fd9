#include <stdint.h>

#include "alibaba.h"
#include "canonical.h"

static const struct alibaba api = {"2024-09-10", "https://esa.cn-hangzhou.aliyuncs.com"};
static const struct shape sites = {"Sites", "TotalCount", "SiteName", NULL, "SiteId", NULL};
static const struct shape records = {"Records",    "TotalCount", "RecordName",
                                     "RecordType", "RecordId",   "Data.Value"};

static const char *number_text(const struct place *p, unsigned n)
{
	return p->call->host->text(p->call, "%u", n);
}

static enum dnsproof_rc sites_page(struct place *p, struct records *found, struct page *page)
{
	const char *query =
	    canonical_pairs(p->call, "SiteName", p->zone, "SiteSearchType", "exact", "PageSize", "500",
	                    "PageNumber", number_text(p, page->number), NULL);
	const json_t *json;
	enum dnsproof_rc rc = alibaba_call(p, &api, "GET", "ListSites", query, NULL, &json);

	return rc == DNSPROOF_OK ? place_take(p, json, &sites, page) : rc;
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = records_pages(p, NULL, sites_page);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	const char *query = canonical_pairs(p->call, "SiteId", p->zone_id, "RecordName", p->name,
	                                    "RecordMatchType", "exact", "Type", "TXT", "PageSize", "500",
	                                    "PageNumber", number_text(p, page->number), NULL);
	const json_t *json;
	enum dnsproof_rc rc = alibaba_call(p, &api, "GET", "ListRecords", query, NULL, &json);

	return rc == DNSPROOF_OK ? records_take(p, found, json, &records, p->name, page) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	const char *data = exchange_json(p->call, json_pack("{s:s}", "Value", txt->value));
	const char *query = canonical_pairs(p->call, "SiteId", p->zone_id, "RecordName", p->name, "Type",
	                                    "TXT", "Ttl", number_text(p, txt->ttl), "Data", data, NULL);
	const json_t *json;
	enum dnsproof_rc rc =
	    alibaba_call(p, &api, "POST", "CreateRecord", query, "Record.AlreadyExists", &json);

	*id = verdict_id(p->call, json_object_get(json, "RecordId"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	const json_t *json;

	return alibaba_call(p, &api, "POST", "DeleteRecord", canonical_pairs(p->call, "RecordId", id, NULL),
	                    "Record.NotFound", &json);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

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
    DNSPROOF_PROVIDER_HEAD,
    .name = "aliesa",
    .summary = "Alibaba Cloud ESA",
    .url = "https://www.alibabacloud.com/help/en/edge-security-acceleration/esa/"
           "api-esa-2024-09-10-overview",
    .options = options,
    .limits = {.least_ttl = 30},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
