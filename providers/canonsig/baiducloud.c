#include <stdint.h>
#include <string.h>

#include "canonical.h"
#include "records.h"

static const struct shape zones = {"zones", NULL, "name", NULL, "id", NULL};
static const struct shape records = {"records", NULL, "rr", "type", "id", "value"};

/* https://cloud.baidu.com/doc/DNS/s/El4s7lssr */
static const struct verdict_word words[] = {
    {"AccessDenied", DNSPROOF_AUTH},          {"InvalidAccessKeyId", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch", DNSPROOF_AUTH}, {"InvalidHTTPAuthHeader", DNSPROOF_AUTH},
    {"RequestExpired", DNSPROOF_AUTH},        {"NoSuchZone", DNSPROOF_NOZONE},
    {"ZoneNotExist*", DNSPROOF_NOZONE},       {"RequestLimitExceeded*", DNSPROOF_RATE},
    {"InternalError", DNSPROOF_TEMP},         {0},
};

static enum dnsproof_rc ask(const struct place *p, const char *method, const char *path, const char *query,
                            json_t *body, const char *fine, const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint"), *code;
	struct exchange x = {
	    .profile = SIGN_BCE1,
	    .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"), NULL},
	    .endpoint = endpoint ? endpoint : "https://dns.baidubce.com",
	    .method = method,
	    .path = path,
	    .query = query,
	    .content_type = body ? "application/json" : NULL,
	    .body = body ? exchange_json(p->call, body) : NULL};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*json = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	code = verdict_text(answer.json, "code");
	if (fine && verdict_fits(code, fine))
		return DNSPROOF_OK;
	if (code || answer.status < 200 || answer.status > 299)
		return verdict(p->call, &answer, words, p->zone, code, verdict_text(answer.json, "message"));
	*json = answer.json;
	return !answer.body_len || json_is_object(answer.json) ? DNSPROOF_OK : records_odd(p, path);
}

static const char *records_path(const struct place *p, const char *id)
{
	const struct dnsproof_host *host = p->call->host;

	return host->text(p->call, "/v1/dns/zone/%s/record%s%s",
	                  host->encode(p->call, "path", p->zone, strlen(p->zone)), id ? "/" : "",
	                  id ? host->encode(p->call, "path", id, strlen(id)) : "");
}

/* The marker of the next page, NULL after the last. */
static enum dnsproof_rc next_marker(const struct place *p, const json_t *json, const char **marker)
{
	const json_t *more = json_object_get(json, "isTruncated");

	*marker = NULL;
	if (!json_is_boolean(more))
		return records_odd(p, "a list");
	if (json_is_false(more))
		return DNSPROOF_OK;
	*marker = verdict_id(p->call, json_object_get(json, "nextMarker"));
	return *marker ? DNSPROOF_OK : records_odd(p, "a list");
}

static enum dnsproof_rc walk(struct place *p, struct records *found, const char *path, const char *name,
                             const char *value)
{
	const char *marker = NULL;

	for (int i = 0; i < RECORDS_PAGES; i++) {
		const char *query =
		    canonical_pairs(p->call, name, value, "marker", marker, "maxKeys", "1000", NULL);
		struct page page = {.number = 1};
		const json_t *json;
		enum dnsproof_rc rc = ask(p, "GET", path, query, NULL, NULL, &json);

		if (rc == DNSPROOF_OK)
			rc = found ? records_take(p, found, json, &records, p->relative, &page)
			           : place_take(p, json, &zones, &page);
		if (rc == DNSPROOF_OK)
			rc = next_marker(p, json, &marker);
		if (rc != DNSPROOF_OK || !marker)
			return rc;
	}
	return p->call->host->fail(p->call, DNSPROOF_INVALID, "%s: more than %d pages", p->zone,
	                           RECORDS_PAGES);
}

static enum dnsproof_rc zone(struct place *p)
{
	enum dnsproof_rc rc = walk(p, NULL, "/v1/dns/zone", "name", p->zone);

	return rc == DNSPROOF_OK ? place_found(p) : rc;
}

static enum dnsproof_rc list(struct place *p, struct records *found)
{
	return walk(p, found, records_path(p, NULL), "rr", p->relative);
}

/* The answer has no id. */
static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	json_t *body = json_pack("{s:s,s:s,s:s,s:I}", "rr", p->relative, "type", "TXT", "value", txt->value,
	                         "ttl", (json_int_t)txt->ttl);
	const json_t *json;

	*id = NULL;
	return ask(p, "POST", records_path(p, NULL),
	           canonical_pairs(p->call, "clientToken", sign_nonce(p->call), NULL), body,
	           "RecordAlreadyExist*", &json);
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	const json_t *json;

	return ask(p, "DELETE", records_path(p, id),
	           canonical_pairs(p->call, "clientToken", sign_nonce(p->call), NULL), NULL, "NoSuchRecord*",
	           &json);
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

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
    DNSPROOF_PROVIDER_HEAD,
    .name = "baiducloud",
    .summary = "Baidu Cloud DNS",
    .url = "https://cloud.baidu.com/doc/DNS/s/El4s7lssr",
    .options = options,
    .limits = {.least_ttl = 300},
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
