#include "records.h"

#define URL "https://open.volcengineapi.com"

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
static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	s->x.profile = SIGN_VOLC;
	s->x.query = p->call->host->text(p->call, "Action=%s&Version=%s%s%s", action, cloud.version,
	                                 s->x.query ? "&" : "", s->x.query ? s->x.query : "");
}

const struct cloud cloud = {
    .endpoint = URL,
    .service = "dns",
    .version = "2018-08-01",
    .key = {"access_key", "secret_key", "security_token"},
    .sign = sign_request,
    .code = {"ResponseMetadata.Error.Code"},
    .message = {"ResponseMetadata.Error.Message"},
    .proof = "ResponseMetadata.RequestId",
    .words = words,
    .find_zone = {"GET", "ListZones", .query = "Key=$zone&SearchMode=exact&PageSize=100&PageNumber=$page"},
    .zones = {.list = "Result.Zones", .total = "Result.Total"},
    .zone = {.name = "ZoneName", .id = "ZID"},
    .record_calls = {{"GET", "ListRecords",
                      .query = "ZID=$zone_id&Host=$relative&Type=TXT&SearchMode=exact&PageSize=100"
                               "&PageNumber=$page"},
                     {"POST", "CreateRecord",
                      .body = "{'ZID': '#zone_id', 'Host': '$relative', 'Type': 'TXT', "
                              "'Value': '$value', 'TTL': '#ttl', 'Line': 'default'}",
                      .fine = "ErrRecordAlreadyExists*"},
                     {"POST", "DeleteRecord", .body = "{'RecordID': '$id'}", .fine = "ErrRecordNotFound*"}},
    .records = {.list = "Result.Records", .total = "Result.TotalCount"},
    .record = {.name = "Host", .type = "Type", .id = "RecordID", .value = "Value"},
    .made = "Result",
};

static const struct dnsproof_option options[] = {
    CLOUD_ID("access_key", "VOLC_ACCESSKEY",
             "access key id of an IAM user whose policy allows dns:ListZones, ListRecords, CreateRecord "
             "and DeleteRecord alone"),
    CLOUD_SECRET("secret_key", "VOLC_SECRETKEY", "the key's secret"),
    CLOUD_TOKEN("security_token", "token of temporary credentials"),
    {"region", 0, NULL, "cn-beijing", "region named in the signature"},
    CLOUD_ENDPOINT(", " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("volcengine", "Volcano Engine TrafficRoute DNS", "https://www.volcengine.com/docs/6758/155086"),
    .limits = {.least_ttl = 600},
    RECORDS_CALLS,
};
