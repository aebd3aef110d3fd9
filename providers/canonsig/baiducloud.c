#include "canonical.h"
#include "records.h"

/* https://cloud.baidu.com/doc/DNS/s/El4s7lssr */
static const struct verdict_word words[] = {
    {"AccessDenied", DNSPROOF_AUTH},          {"InvalidAccessKeyId", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch", DNSPROOF_AUTH}, {"InvalidHTTPAuthHeader", DNSPROOF_AUTH},
    {"RequestExpired", DNSPROOF_AUTH},        {"NoSuchZone", DNSPROOF_NOZONE},
    {"ZoneNotExist*", DNSPROOF_NOZONE},       {"RequestLimitExceeded*", DNSPROOF_RATE},
    {"InternalError", DNSPROOF_TEMP},         {0},
};

static void sign_request(const struct place *p, const struct ask *ask, struct signing *s)
{
	(void)p;
	s->x.profile = SIGN_BCE1;
	s->x.path = ask->action;
}

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "/v1/dns/zone",
	                    .query = canonical_pairs(p->call, "name", p->zone, "marker", page->marker,
	                                             "maxKeys", "1000", NULL)};
}

static const char *records_path(const struct place *p)
{
	return p->call->host->text(p->call, "%s/record", place_path(p, "/v1/dns/zone", p->zone));
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = records_path(p),
	                    .query = canonical_pairs(p->call, "rr", p->relative, "marker", page->marker,
	                                             "maxKeys", "1000", NULL)};
}

/* A repeated request is known by its token. */
static const char *token(const struct place *p)
{
	return canonical_pairs(p->call, "clientToken", sign_nonce(p->call), NULL);
}

/* The answer has no id. */
static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	return (struct ask){.method = "POST",
	                    .action = records_path(p),
	                    .query = token(p),
	                    .body = json_pack("{s:s,s:s,s:s,s:I}", "rr", p->relative, "type", "TXT", "value",
	                                      txt->value, "ttl", (json_int_t)txt->ttl),
	                    .fine = "RecordAlreadyExist*"};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){.method = "DELETE",
	                    .action = place_path(p, records_path(p), id),
	                    .query = token(p),
	                    .fine = "NoSuchRecord*"};
}

const struct cloud cloud = {
    .endpoint = "https://dns.baidubce.com",
    .key = {"access_key", "secret_key", NULL},
    .sign = sign_request,
    .code = {"code"},
    .message = {"message"},
    .words = words,
    .asks = {find_zone, list, create, remove_id},
    .zones = {.list = "zones", .more = "isTruncated", .marker = "nextMarker"},
    .zone = {.name = "name", .id = "id"},
    .records = {.list = "records", .more = "isTruncated", .marker = "nextMarker"},
    .record = {.name = "rr", .type = "type", .id = "id", .value = "value"},
};

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "BAIDUCLOUD_ACCESS_KEY_ID", NULL,
     "access key id of an IAM sub-user whose policy allows reading and writing of this one DNS "
     "zone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "BAIDUCLOUD_SECRET_ACCESS_KEY", NULL,
     "the key's secret"},
    {"endpoint", DNSPROOF_URL, NULL, NULL, "another API endpoint, https://dns.baidubce.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("baiducloud", "Baidu Cloud DNS", "https://cloud.baidu.com/doc/DNS/s/El4s7lssr"),
    .limits = {.least_ttl = 300},
    RECORDS_CALLS,
};
