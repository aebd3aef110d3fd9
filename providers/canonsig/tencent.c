#include "tencent.h"

/* https://www.tencentcloud.com/document/product/1278/46697 and the codes of each product. */
static const struct verdict_word words[] = {
    {"AuthFailure*", DNSPROOF_AUTH},
    {"UnauthorizedOperation*", DNSPROOF_AUTH},
    {"RequestLimitExceeded*", DNSPROOF_RATE},
    {"LimitExceeded.FailedLoginLimitExceeded", DNSPROOF_AUTH},
    {"InvalidParameterValue.DomainNotExists", DNSPROOF_NOZONE},
    {"InvalidParameter.DomainIdInvalid", DNSPROOF_NOZONE},
    {"InvalidParameter.DomainInvalid", DNSPROOF_NOZONE},
    {"FailedOperation.NotDomainOwner", DNSPROOF_NOZONE},
    {"OperationDenied.NoPermissionToOperateDomain", DNSPROOF_NOZONE},
    {"ResourceNotFound.NoDataOfDomain", DNSPROOF_NOZONE},
    {"ResourceNotFound", DNSPROOF_NOZONE},
    {"InternalError*", DNSPROOF_TEMP},
    {"FailedOperation*", DNSPROOF_TEMP},
    {"ResourceUnavailable*", DNSPROOF_TEMP},
    {"ServiceUnavailable*", DNSPROOF_TEMP},
    {"ResourceInUse*", DNSPROOF_TEMP},
    {0},
};

static enum dnsproof_rc judge(const struct place *p, const struct dnsproof_http_answer *answer,
                              const char *action, const char *fine, const json_t **response)
{
	const char *code = verdict_text(answer->json, "Response.Error.Code");

	*response = NULL;
	if (fine && verdict_fits(code, fine))
		return DNSPROOF_OK;
	if (code || answer->status != 200)
		return verdict(p->call, answer, words, p->zone, code,
		               verdict_text(answer->json, "Response.Error.Message"));
	*response = json_object_get(answer->json, "Response");
	return verdict_text(*response, "RequestId") ? DNSPROOF_OK : records_odd(p, action);
}

enum dnsproof_rc tencent_call(const struct place *p, const struct tencent *t, const char *action,
                              json_t *body, const char *fine, const json_t **response)
{
	const char *endpoint = option_text(p->call, "endpoint");
	const struct dnsproof_http_header plain[] = {{"X-TC-Action", action}, {"X-TC-Version", t->version}};
	struct exchange x = {.profile = SIGN_TC3,
	                     .key = {option_text(p->call, "secret_id"), option_text(p->call, "secret_key"),
	                             option_text(p->call, "session_token")},
	                     .service = t->service,
	                     .endpoint = endpoint ? endpoint : t->endpoint,
	                     .method = "POST",
	                     .path = "/",
	                     .content_type = "application/json; charset=utf-8",
	                     .body = exchange_json(p->call, body),
	                     .plain = plain,
	                     .plains = 2};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*response = NULL;
	return rc == DNSPROOF_OK ? judge(p, &answer, action, fine, response) : rc;
}
