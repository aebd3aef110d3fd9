#include <stdint.h>
#include <string.h>

#include "canonical.h"
#include "records.h"

static const struct shape domains = {"result.dataList", "result.totalCount", "domainName", NULL, "id", NULL};
static const struct shape records = {"result.dataList", "result.totalCount", "hostRecord", "type", "id",
                                     "hostValue"};

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

static const char *path_of(const struct place *p, const char *rest)
{
	return p->call->host->text(p->call, "/v2/regions/%s%s", option_text(p->call, "region"), rest);
}

/* The words of errors stand in answers of every status: {"error": {"code": 404, "status":
 * "NOT_FOUND", ...}} */
static enum dnsproof_rc ask(const struct place *p, const char *method, const char *path, const char *query,
                            json_t *body, const char *fine, const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint");
	struct exchange x = {
	    .profile = SIGN_JDCLOUD2,
	    .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"), NULL},
	    .region = option_text(p->call, "region"),
	    .service = "domainservice",
	    .endpoint = endpoint ? endpoint : "https://domainservice.jdcloud-api.com",
	    .method = method,
	    .path = path_of(p, path),
	    .query = query,
	    .content_type = "application/json",
	    .body = body ? exchange_json(p->call, body) : NULL};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);
	const json_t *error;

	*json = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	error = json_object_get(answer.json, "error");
	if (fine && verdict_fits(verdict_text(error, "status"), fine))
		return DNSPROOF_OK;
	if (answer.status != 200 || json_is_object(error))
		return verdict(p->call, &answer, words, p->zone, verdict_text(error, "status"),
		               verdict_text(error, "message"));
	*json = answer.json;
	return verdict_text(answer.json, "requestId") ? DNSPROOF_OK : records_odd(p, path);
}

static enum dnsproof_rc domains_page(struct place *p, struct records *found, struct page *page)
{
	const char *query =
	    canonical_pairs(p->call, "domainName", p->zone, "pageNumber",
	                    p->call->host->text(p->call, "%u", page->number), "pageSize", SIZE, NULL);
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "GET", "/domain", query, NULL, NULL, &json);

	return rc == DNSPROOF_OK ? place_take(p, json, &domains, page) : rc;
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = records_pages(p, NULL, domains_page);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

static const char *records_path(const struct place *p, const char *id)
{
	const char *zone = p->call->host->encode(p->call, "path", p->zone_id, strlen(p->zone_id));

	return p->call->host->text(p->call, "/domain/%s/ResourceRecord%s%s", zone, id ? "/" : "",
	                           id ? p->call->host->encode(p->call, "path", id, strlen(id)) : "");
}

static enum dnsproof_rc page(struct place *p, struct records *found, struct page *page)
{
	const char *query =
	    canonical_pairs(p->call, "search", p->relative, "pageNumber",
	                    p->call->host->text(p->call, "%u", page->number), "pageSize", SIZE, NULL);
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "GET", records_path(p, NULL), query, NULL, NULL, &json);

	return rc == DNSPROOF_OK ? records_take(p, found, json, &records, p->relative, page) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return records_pages(p, found, page);
}

/* View -1 is the default line. The answer's dataList is the record, or a list of the one. */
static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	json_t *body = json_pack("{s:{s:s,s:s,s:I,s:s,s:i}}", "req", "hostRecord", p->relative, "hostValue",
	                         txt->value, "ttl", (json_int_t)txt->ttl, "type", "TXT", "viewValue", -1);
	const json_t *json, *made;
	enum dnsproof_rc rc = ask(p, "POST", records_path(p, NULL), NULL, body, NULL, &json);

	made = verdict_at(json, "result.dataList");
	if (json_is_array(made))
		made = json_array_get(made, 0);
	*id = verdict_id(p->call, json_object_get(made, "id"));
	return rc;
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	const json_t *json;

	return ask(p, "DELETE", records_path(p, id), NULL, NULL, "NOT_FOUND*", &json);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

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
    DNSPROOF_PROVIDER_HEAD,
    .name = "jdcloud",
    .summary = "JD Cloud DNS",
    .url = "https://docs.jdcloud.com/en/jd-cloud-dns/api/overview",
    .options = options,
    .limits = {.least_ttl = 120},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
