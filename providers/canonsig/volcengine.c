#include <stdint.h>
#include <stdlib.h>

#include "canonical.h"
#include "records.h"

static const struct shape zones = {"Result.Zones", "Result.Total", "ZoneName", NULL, "ZID", NULL};
static const struct shape records = {"Result.Records", "Result.TotalCount", "Host",
                                     "Type",           "RecordID",          "Value"};

/* https://www.volcengine.com/docs/6369/68677 */
static const struct verdict_word words[] = {
    {"AccessDenied*", DNSPROOF_AUTH},          {"InvalidAccessKey*", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch*", DNSPROOF_AUTH}, {"InvalidCredential*", DNSPROOF_AUTH},
    {"InvalidAuthorization*", DNSPROOF_AUTH},  {"InvalidSecurityToken*", DNSPROOF_AUTH},
    {"InvalidTimestamp*", DNSPROOF_AUTH},      {"MissingAuthenticationToken*", DNSPROOF_AUTH},
    {"ErrZoneNotFound*", DNSPROOF_NOZONE},     {"FlowLimitExceeded*", DNSPROOF_RATE},
    {"RequestLimitExceeded*", DNSPROOF_RATE},  {"Internal*", DNSPROOF_TEMP},
    {"ServiceUnavailable*", DNSPROOF_TEMP},    {0},
};

/* A GET has its parameters in `query`, a POST has them in `body` (stolen). */
static enum dnsproof_rc ask(const struct place *p, const char *action, const char *query, json_t *body,
                            const char *fine, const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint"), *code;
	struct exchange x = {.profile = SIGN_VOLC,
	                     .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"),
	                             option_text(p->call, "security_token")},
	                     .region = option_text(p->call, "region"),
	                     .service = "dns",
	                     .endpoint = endpoint ? endpoint : "https://open.volcengineapi.com",
	                     .method = body ? "POST" : "GET",
	                     .path = "/",
	                     .query = p->call->host->text(p->call, "Action=%s&Version=2018-08-01%s%s", action,
	                                                  *query ? "&" : "", query),
	                     .content_type = body ? "application/json" : NULL,
	                     .body = body ? exchange_json(p->call, body) : NULL};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*json = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	code = verdict_text(answer.json, "ResponseMetadata.Error.Code");
	if (fine && verdict_fits(code, fine))
		return DNSPROOF_OK;
	if (code || answer.status != 200)
		return verdict(p->call, &answer, words, p->zone, code,
		               verdict_text(answer.json, "ResponseMetadata.Error.Message"));
	*json = answer.json;
	return verdict_text(answer.json, "ResponseMetadata.RequestId") ? DNSPROOF_OK : records_odd(p, action);
}

static enum dnsproof_rc zones_page(struct place *p, struct records *found, struct page *page)
{
	const char *query =
	    canonical_pairs(p->call, "Key", p->zone, "SearchMode", "exact", "PageSize", "100", "PageNumber",
	                    p->call->host->text(p->call, "%u", page->number), NULL);
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "ListZones", query, NULL, NULL, &json);

	return rc == DNSPROOF_OK ? place_take(p, json, &zones, page) : rc;
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = records_pages(p, NULL, zones_page);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	const char *query = canonical_pairs(p->call, "ZID", p->zone_id, "Host", p->relative, "Type", "TXT",
	                                    "SearchMode", "exact", "PageSize", "100", "PageNumber",
	                                    p->call->host->text(p->call, "%u", page->number), NULL);
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "ListRecords", query, NULL, NULL, &json);

	return rc == DNSPROOF_OK ? records_take(p, found, json, &records, p->relative, page) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	json_t *body = json_pack("{s:I,s:s,s:s,s:s,s:I,s:s}", "ZID",
	                         (json_int_t)strtoll(p->zone_id, NULL, 10), "Host", p->relative, "Type",
	                         "TXT", "Value", txt->value, "TTL", (json_int_t)txt->ttl, "Line", "default");
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "CreateRecord", "", body, "ErrRecordAlreadyExists*", &json);

	*id = verdict_id(p->call, verdict_at(json, "Result.RecordID"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	const json_t *json;

	return ask(p, "DeleteRecord", "", json_pack("{s:s}", "RecordID", id), "ErrRecordNotFound*", &json);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "VOLC_ACCESSKEY", NULL,
     "access key id of an IAM user whose policy allows dns:ListZones, ListRecords, CreateRecord "
     "and "
     "DeleteRecord alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "VOLC_SECRETKEY", NULL, "the key's secret"},
    {"security_token", DNSPROOF_SECRET, NULL, NULL, "token of temporary credentials"},
    {"region", 0, NULL, "cn-beijing", "region named in the signature"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "another API endpoint, https://open.volcengineapi.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "volcengine",
    .summary = "Volcano Engine TrafficRoute DNS",
    .url = "https://www.volcengine.com/docs/6758/155086",
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
