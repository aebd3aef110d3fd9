#include "records.h"

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

static void sign_request(const struct place *p, const struct ask *ask, struct signing *s)
{
	s->x.profile = SIGN_AWS4;
	s->x.region = REGION;
	s->x.method = "POST";
	s->x.content_type = "application/x-amz-json-1.1";
	s->header[0] = (struct dnsproof_http_header){
	    "x-amz-target", p->call->host->text(p->call, "Lightsail_20161128.%s", ask->action)};
	s->x.header = s->header;
	s->x.headers = 1;
}

/* All entries of the domain come at once. */
static struct ask get_domain(const struct place *p, const struct page *page)
{
	(void)page;
	return (struct ask){.action = "GetDomain", .body = json_pack("{s:s}", "domainName", p->zone)};
}

static json_t *entry(const struct place *p, const char *id)
{
	return json_pack("{s:s,s:{s:s*,s:s,s:s,s:s}}", "domainName", p->zone, "domainEntry", "id", id, "name",
	                 p->name, "type", "TXT", "target", p->call->host->text(p->call, "\"%s\"", p->value));
}

static struct ask create(const struct place *p, const struct dnsproof_txt *txt)
{
	(void)txt;
	return (struct ask){.action = "CreateDomainEntry", .body = entry(p, NULL)};
}

static struct ask remove_id(const struct place *p, const char *id)
{
	return (struct ask){.action = "DeleteDomainEntry", .body = entry(p, id), .fine = "NotFoundException"};
}

static enum dnsproof_rc judge(const struct place *p, const struct ask *ask, const json_t *json)
{
	if (!verdict_fits(verdict_text(json, "operation.status"), "Failed"))
		return DNSPROOF_OK;
	return p->call->host->fail(p->call, DNSPROOF_TEMP, "%s: %s failed: %.200s", p->zone, ask->action,
	                           verdict_text(json, "operation.errorDetails"));
}

const struct cloud cloud = {
    .endpoint = "https://lightsail." REGION ".amazonaws.com",
    .service = "lightsail",
    .key = {"access_key", "secret_key", "session_token"},
    .sign = sign_request,
    .code = {"__type"},
    .message = {"message", "Message"},
    .words = words,
    .asks = {get_domain, get_domain, create, remove_id},
    .records = {.list = "domain.domainEntries"},
    .record = {.name = "name", .type = "type", .id = "id", .value = "target"},
    .whole_names = 1,
    .judge = judge,
};

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
    MODULE("lightsail", "Amazon Lightsail",
           "https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/Welcome.html"),
    RECORDS_CALLS,
};
