#include "canonical.h"
#include "records.h"

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

#define SIZE "99"

static void sign_request(const struct place *p, const struct ask *ask, struct signing *s)
{
	s->x.profile = SIGN_JDCLOUD2;
	s->x.path = p->call->host->text(p->call, "/v2/regions/%s%s", s->x.region, ask->action);
	s->x.content_type = "application/json";
}

static struct ask find_zone(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = "/domain",
	                    .query = canonical_pairs(p->call, "domainName", p->zone, "pageNumber",
	                                             place_number(p, page->number), "pageSize", SIZE, NULL)};
}

static const char *records_path(const struct place *p)
{
	return p->call->host->text(p->call, "%s/ResourceRecord", place_path(p, "/domain", p->zone_id));
}

static struct ask list(const struct place *p, const struct page *page)
{
	return (struct ask){.method = "GET",
	                    .action = records_path(p),
	                    .query = canonical_pairs(p->call, "search", p->relative, "pageNumber",
	                                             place_number(p, page->number), "pageSize", SIZE, NULL)};
}

/* View -1 is the default line. */
static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	return (struct ask){.method = "POST",
	                    .action = records_path(p),
	                    .body = json_pack("{s:{s:s,s:s,s:I,s:s,s:i}}", "req", "hostRecord", p->relative,
	                                      "hostValue", txt->value, "ttl", (json_int_t)txt->ttl, "type",
	                                      "TXT", "viewValue", -1)};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){
	    .method = "DELETE", .action = place_path(p, records_path(p), id), .fine = "NOT_FOUND*"};
}

/* Answers of every status may have an `error`; one with code 0 is none. */
const struct cloud cloud = {
    .endpoint = "https://domainservice.jdcloud-api.com",
    .service = "domainservice",
    .key = {"access_key", "secret_key", NULL},
    .sign = sign_request,
    .code = {"error.status"},
    .message = {"error.message"},
    .fault = "error.code",
    .proof = "requestId",
    .words = words,
    .asks = {find_zone, list, create, remove_id},
    .zones = {.list = "result.dataList", .total = "result.totalCount"},
    .zone = {.name = "domainName", .id = "id"},
    .records = {.list = "result.dataList", .total = "result.totalCount"},
    .record = {.name = "hostRecord", .type = "type", .id = "id", .value = "hostValue"},
    .made = "result.dataList",
};

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "JDCLOUD_ACCESS_KEY_ID JD_ACCESS_KEY_ID", NULL,
     "access key id of a sub-user whose policy allows domainservice:describeDomains, "
     "describeResourceRecord, createResourceRecord and deleteResourceRecord alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "JDCLOUD_ACCESS_KEY_SECRET JD_ACCESS_KEY_SECRET",
     NULL, "the key's secret"},
    {"region", 0, NULL, "cn-north-1", "region of the API"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint, https://domainservice.jdcloud-api.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("jdcloud", "JD Cloud DNS", "https://docs.jdcloud.com/en/jd-cloud-dns/api/overview"),
    .limits = {.least_ttl = 120},
    RECORDS_CALLS,
};
