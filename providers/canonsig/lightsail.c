#include "records.h"

#define REGION "us-east-1" /* Lightsail's domains are there alone */
#define URL    "https://lightsail." REGION ".amazonaws.com"

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

static void sign_request(const struct place *p, const char *action, struct signing *s)
{
	s->x.profile = SIGN_AWS4;
	s->x.region = REGION;
	s->x.method = "POST";
	s->x.content_type = "application/x-amz-json-1.1";
	s->header[0] = (struct dnsproof_http_header){
	    "x-amz-target", p->call->host->text(p->call, "Lightsail_20161128.%s", action)};
	s->x.header = s->header;
	s->x.headers = 1;
}

#define DOMAIN_IN "{'domainName': '$zone'"
#define ENTRY(id)                                                                                            \
	DOMAIN_IN ", 'domainEntry': {" id "'name': '$name', 'type': 'TXT', 'target': '\\\"$value\\\"'}}"

static enum dnsproof_rc judge(const struct place *p, const char *action, const json_t *json)
{
	if (!verdict_fits(verdict_text(json, "operation.status"), "Failed"))
		return DNSPROOF_OK;
	return p->call->host->fail(p->call, DNSPROOF_TEMP, "%s: %s failed: %.200s", p->zone, action,
	                           verdict_text(json, "operation.errorDetails"));
}

/* All entries of the domain come at once. */
const struct cloud cloud = {
    .endpoint = URL,
    .service = "lightsail",
    .key = {"access_key", "secret_key", "session_token"},
    .sign = sign_request,
    .code = {"__type"},
    .message = {"message", "Message"},
    .words = words,
    .find_zone = {.action = "GetDomain", .body = DOMAIN_IN "}"},
    .record_calls = {{.action = "GetDomain", .body = DOMAIN_IN "}"},
                     {.action = "CreateDomainEntry", .body = ENTRY("")},
                     {.action = "DeleteDomainEntry",
                      .body = ENTRY("'id': '$id', "),
                      .fine = "NotFoundException"}},
    .records = {.list = "domain.domainEntries"},
    .record = {.name = "name", .type = "type", .id = "id", .value = "target"},
    .whole_names = 1,
    .judge = judge,
};

static const struct dnsproof_option options[] = {
    CLOUD_ID("access_key", "AWS_ACCESS_KEY_ID",
             "access key id of an IAM user that may lightsail:GetDomain, CreateDomainEntry and "
             "DeleteDomainEntry alone"),
    CLOUD_SECRET("secret_key", "AWS_SECRET_ACCESS_KEY", "its secret access key"),
    CLOUD_TOKEN("session_token", "session token of temporary credentials"),
    CLOUD_ENDPOINT(", " URL),
    {0},
};

DNSPROOF_EXPORT const struct dnsproof_provider dnsproof_provider = {
    MODULE("lightsail", "Amazon Lightsail",
           "https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/Welcome.html"),
    RECORDS_CALLS,
};
