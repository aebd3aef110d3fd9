#include <stdint.h>
#include <string.h>

#include "records.h"

static const struct shape entries = {"domain.domainEntries", NULL, "name", "type", "id", "target"};

#define REGION "us-east-1" /* Lightsail's domains are there alone */

/* https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/CommonErrors.html */
static const struct verdict_word words[] = {
    {"AccessDenied*", DNSPROOF_AUTH},
    {"UnauthenticatedException", DNSPROOF_AUTH},
    {"UnrecognizedClient*", DNSPROOF_AUTH},
    {"InvalidSignature*", DNSPROOF_AUTH},
    {"IncompleteSignature*", DNSPROOF_AUTH},
    {"MissingAuthenticationToken*", DNSPROOF_AUTH},
    {"ExpiredToken*", DNSPROOF_AUTH},
    {"NotFoundException", DNSPROOF_NOZONE},
    {"Throttling*", DNSPROOF_RATE},
    {"RequestLimitExceeded", DNSPROOF_RATE},
    {"ServiceException", DNSPROOF_TEMP},
    {"AccountSetupInProgressException", DNSPROOF_TEMP},
    {"Internal*", DNSPROOF_TEMP},
    {0},
};

/* "com.amazonaws.lightsail#NotFoundException", with or without what is before the '#'. */
static const char *code_of(const json_t *json)
{
	const char *type = verdict_text(json, "__type");
	const char *sharp = type ? strrchr(type, '#') : NULL;

	return sharp ? sharp + 1 : type;
}

static const char *message_of(const json_t *json)
{
	const char *message = verdict_text(json, "message");

	return message ? message : verdict_text(json, "Message");
}

/* Steals body. */
static enum dnsproof_rc ask(const struct place *p, const char *action, json_t *body, const char *fine,
                            const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint");
	const struct dnsproof_http_header target = {
	    "x-amz-target", p->call->host->text(p->call, "Lightsail_20161128.%s", action)};
	struct exchange x = {.profile = SIGN_AWS4,
	                     .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"),
	                             option_text(p->call, "session_token")},
	                     .region = REGION,
	                     .service = "lightsail",
	                     .endpoint = endpoint ? endpoint : "https://lightsail." REGION ".amazonaws.com",
	                     .method = "POST",
	                     .path = "/",
	                     .content_type = "application/x-amz-json-1.1",
	                     .body = exchange_json(p->call, body),
	                     .header = &target,
	                     .headers = 1};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*json = NULL;
	if (rc != DNSPROOF_OK)
		return rc;
	if (fine && verdict_fits(code_of(answer.json), fine))
		return DNSPROOF_OK;
	if (answer.status != 200)
		return verdict(p->call, &answer, words, p->zone, code_of(answer.json),
		               message_of(answer.json));
	*json = answer.json;
	return json_is_object(answer.json) ? DNSPROOF_OK : records_odd(p, action);
}

/* The domain's name is enough for the API; only a check has nothing else to ask. */
static enum dnsproof_rc zone(struct place *p)
{
	const json_t *json;

	p->zone_id = p->zone;
	return p->relative ? DNSPROOF_OK
	                   : ask(p, "GetDomain", json_pack("{s:s}", "domainName", p->zone), NULL, &json);
}

/* All entries of the domain come at once. */
static enum dnsproof_rc list(struct place *p, struct records *found)
{
	struct page page = {.number = 1};
	const json_t *json;
	enum dnsproof_rc rc = ask(p, "GetDomain", json_pack("{s:s}", "domainName", p->zone), NULL, &json);

	return rc == DNSPROOF_OK ? records_take(p, found, json, &entries, p->name, &page) : rc;
}

static enum dnsproof_rc changed(const struct place *p, const char *action, json_t *entry, const char *fine)
{
	const json_t *json;
	enum dnsproof_rc rc =
	    ask(p, action, json_pack("{s:s,s:o}", "domainName", p->zone, "domainEntry", entry), fine, &json);
	const char *status = verdict_text(json, "operation.status");

	if (rc != DNSPROOF_OK)
		return rc;
	if (!verdict_fits(status, "Failed"))
		return DNSPROOF_OK;
	return p->call->host->fail(p->call, DNSPROOF_TEMP, "%s: %s failed: %.200s", p->zone, action,
	                           verdict_text(json, "operation.errorDetails"));
}

static enum dnsproof_rc create(const struct place *p, const struct dnsproof_txt *txt, const char **id)
{
	*id = NULL;
	return changed(p, "CreateDomainEntry",
	               json_pack("{s:s,s:s,s:s}", "name", p->name, "type", "TXT", "target",
	                         p->call->host->text(p->call, "\"%s\"", txt->value)),
	               NULL);
}

static enum dnsproof_rc remove_id(const struct place *p, const char *id)
{
	return changed(p, "DeleteDomainEntry",
	               json_pack("{s:s,s:s,s:s,s:s}", "id", id, "name", p->name, "type", "TXT", "target",
	                         p->call->host->text(p->call, "\"%s\"", p->value)),
	               "NotFoundException");
}

static const struct cloud cloud = {zone, list, create, remove_id};

static enum dnsproof_rc start(struct dnsproof_open_call *c)
{
	c->call.self = (void *)(uintptr_t)&cloud;
	return DNSPROOF_OK;
}

static const struct dnsproof_option options[] = {
    {"access_key", DNSPROOF_REQUIRED, "AWS_ACCESS_KEY_ID", NULL,
     "access key id of an IAM user that may lightsail:GetDomain, CreateDomainEntry and "
     "DeleteDomainEntry "
     "alone"},
    {"secret_key", DNSPROOF_REQUIRED | DNSPROOF_SECRET, "AWS_SECRET_ACCESS_KEY", NULL,
     "its secret access key"},
    {"session_token", DNSPROOF_SECRET, NULL, NULL, "session token of temporary credentials"},
    {"endpoint", DNSPROOF_URL, NULL, NULL,
     "another API endpoint, https://lightsail.us-east-1.amazonaws.com if not set"},
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    DNSPROOF_PROVIDER_HEAD,
    .name = "lightsail",
    .summary = "Amazon Lightsail",
    .url = "https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/Welcome.html",
    .options = options,
    .replaces = DNSPROOF_RECORD,
    .add = records_add,
    .del = records_del,
    .open = start,
    .check = records_check,
    .list = records_list,
    .uses_http = 1,
};
