#include "records.h"

#define URL "https://dns.baidubce.com"

/* https://cloud.baidu.com/doc/DNS/s/El4s7lssr */
static const struct verdict_word words[] = {
    {"AccessDenied", DNSPROOF_AUTH},          {"InvalidAccessKeyId", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch", DNSPROOF_AUTH}, {"InvalidHTTPAuthHeader", DNSPROOF_AUTH},
    {"RequestExpired", DNSPROOF_AUTH},        {"NoSuchZone", DNSPROOF_NOZONE},
    {"ZoneNotExist*", DNSPROOF_NOZONE},       {"RequestLimitExceeded*", DNSPROOF_RATE},
    {"InternalError", DNSPROOF_TEMP},         {0},
};

static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	(void)p;
	s->x.profile = SIGN_BCE1;
	s->x.path = action;
}

#define RECORDS "/v1/dns/zone/$zone/record"
#define PAGE    "marker=$marker&maxKeys=1000"
#define TOKEN   "clientToken=$nonce" /* a repeated request is known by it */

/* The answer to create has no id. */
const struct cloud cloud = {
    .endpoint = URL,
    .key = {"access_key", "secret_key", NULL},
    .sign = sign_request,
    .code = {"code"},
    .message = {"message"},
    .words = words,
    .find_zone = {"GET", "/v1/dns/zone", .query = "name=$zone&" PAGE},
    .zones = {.list = "zones", .more = "isTruncated", .marker = "nextMarker"},
    .zone = {.name = "name", .id = "id"},
    .record_calls = {{"GET", RECORDS, .query = "rr=$relative&" PAGE},
                     {"POST", RECORDS, TOKEN,
                      .body = "{'rr': '$relative', 'type': 'TXT', 'value': '$value', 'ttl': '#ttl'}",
                      .fine = "RecordAlreadyExist*"},
                     {"DELETE", RECORDS "/$id", TOKEN, .fine = "NoSuchRecord*"}},
    .records = {.list = "records", .more = "isTruncated", .marker = "nextMarker"},
    .record = {.name = "rr", .type = "type", .id = "id", .value = "value"},
};

static const struct dnsproof_option options[] = {
    CLOUD_ID("access_key", "BAIDUCLOUD_ACCESS_KEY_ID",
             "access key id of an IAM sub-user whose policy allows reading and writing of this one DNS "
             "zone"),
    CLOUD_SECRET("secret_key", "BAIDUCLOUD_SECRET_ACCESS_KEY", "the key's secret"),
    CLOUD_ENDPOINT(", " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("baiducloud", "Baidu Cloud DNS", "https://cloud.baidu.com/doc/DNS/s/El4s7lssr"),
    .limits = {.least_ttl = 300},
    RECORDS_CALLS,
};
