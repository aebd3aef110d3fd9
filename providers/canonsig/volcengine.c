#include <stdlib.h>

#include "canonical.h"
#include "records.h"

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

/* A GET has its parameters in the query, a POST has them in the body. */
static void sign_request(const struct place *p, const struct ask *ask, struct signing *s)
{
	s->x.profile = SIGN_VOLC;
	s->x.query = p->call->host->text(p->call, "Action=%s&Version=%s%s%s", ask->action, cloud.version,
	                                 ask->query ? "&" : "", ask->query ? ask->query : "");
}

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "ListZones",
	                    .query =
	                        canonical_pairs(p->call, "Key", p->zone, "SearchMode", "exact", "PageSize",
	                                        "100", "PageNumber", place_number(p, page->number), NULL)};
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "ListRecords",
	                    .query = canonical_pairs(p->call, "ZID", p->zone_id, "Host", p->relative, "Type",
	                                             "TXT", "SearchMode", "exact", "PageSize", "100",
	                                             "PageNumber", place_number(p, page->number), NULL)};
}

static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	json_int_t zone = (json_int_t)strtoll(p->zone_id, NULL, 10);

	return (struct ask){.method = "POST",
	                    .action = "CreateRecord",
	                    .body = json_pack("{s:I,s:s,s:s,s:s,s:I,s:s}", "ZID", zone, "Host", p->relative,
	                                      "Type", "TXT", "Value", txt->value, "TTL", (json_int_t)txt->ttl,
	                                      "Line", "default"),
	                    .fine = "ErrRecordAlreadyExists*"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	(void)p;
	return (struct ask){.method = "POST",
	                    .action = "DeleteRecord",
	                    .body = json_pack("{s:s}", "RecordID", id),
	                    .fine = "ErrRecordNotFound*"};
}

const struct cloud cloud = {
    .endpoint = "https://open.volcengineapi.com",
    .service = "dns",
    .version = "2018-08-01",
    .key = {"access_key", "secret_key", "security_token"},
    .sign = sign_request,
    .code = {"ResponseMetadata.Error.Code"},
    .message = {"ResponseMetadata.Error.Message"},
    .proof = "ResponseMetadata.RequestId",
    .words = words,
    .asks = {find_zone, list, create, remove_id},
    .zones = {.list = "Result.Zones", .total = "Result.Total"},
    .zone = {.name = "ZoneName", .id = "ZID"},
    .records = {.list = "Result.Records", .total = "Result.TotalCount"},
    .record = {.name = "Host", .type = "Type", .id = "RecordID", .value = "Value"},
    .made = "Result",
};

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
    MODULE("volcengine", "Volcano Engine TrafficRoute DNS", "https://www.volcengine.com/docs/6758/155086"),
    .limits = {.least_ttl = 600},
    RECORDS_CALLS,
};
