#include "records.h"

#define URL "https://domainservice.jdcloud-api.com"

static const struct verdict_word words[] = {
    {"UNAUTHENTICATED*", DNSPROOF_AUTH},
    {"PERMISSION_DENIED*", DNSPROOF_AUTH},
    {"HTTP_FORBIDDEN*", DNSPROOF_AUTH},
    {"NOT_FOUND*", DNSPROOF_NOZONE},
    {"RESOURCE_EXHAUSTED*", DNSPROOF_RATE},
    {"TOO_MANY_REQUESTS*", DNSPROOF_RATE},
    {"INTERNAL*", DNSPROOF_TEMP},
    {"UNAVAILABLE*", DNSPROOF_TEMP},
    {0},
};

static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	s->x.profile = SIGN_JDCLOUD2;
	s->x.path = p->call->host->text(p->call, "/v2/regions/%s%s", s->x.region, action);
	s->x.content_type = "application/json";
}

#define RECORDS "/domain/$zone_id/ResourceRecord"
#define PAGE    "pageNumber=$page&pageSize=99"

/* Answers of every status may have an `error`; one with code 0 is none. View -1 is the default line. */
const struct cloud cloud = {
    .endpoint = URL,
    .service = "domainservice",
    .key = {"access_key", "secret_key", NULL},
    .sign = sign_request,
    .code = {"error.status"},
    .message = {"error.message"},
    .fault = "error.code",
    .proof = "requestId",
    .words = words,
    .find_zone = {"GET", "/domain", .query = "domainName=$zone&" PAGE},
    .zones = {.list = "result.dataList", .total = "result.totalCount"},
    .zone = {.name = "domainName", .id = "id"},
    .record_calls = {{"GET", RECORDS, .query = "search=$relative&" PAGE},
                     {"POST", RECORDS,
                      .body = "{'req': {'hostRecord': '$relative', 'hostValue': '$value', "
                              "'ttl': '#ttl', 'type': 'TXT', 'viewValue': -1}}"},
                     {"DELETE", RECORDS "/$id", .fine = "NOT_FOUND*"}},
    .records = {.list = "result.dataList", .total = "result.totalCount"},
    .record = {.name = "hostRecord", .type = "type", .id = "id", .value = "hostValue"},
    .made = "result.dataList",
};

static const struct dnsproof_option options[] = {
    CLOUD_ID("access_key", "JDCLOUD_ACCESS_KEY_ID JD_ACCESS_KEY_ID",
             "access key id of a sub-user whose policy allows domainservice:describeDomains, "
             "describeResourceRecord, createResourceRecord and deleteResourceRecord alone"),
    CLOUD_SECRET("secret_key", "JDCLOUD_ACCESS_KEY_SECRET JD_ACCESS_KEY_SECRET", "the key's secret"),
    {"region", 0, NULL, "cn-north-1", "region of the API"},
    CLOUD_ENDPOINT(", " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("jdcloud", "JD Cloud DNS", "https://docs.jdcloud.com/en/jd-cloud-dns/api/overview"),
    .limits = {.least_ttl = 120},
    RECORDS_CALLS,
};
