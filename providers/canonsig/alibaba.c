#include "alibaba.h"

/* https://api.alibabacloud.com/document/Alidns/2015-01-09/errorCode and the codes common to all
 * products. */
static const struct verdict_word words[] = {
    {"InvalidAccessKeyId*", DNSPROOF_AUTH},
    {"InvalidSecurityToken*", DNSPROOF_AUTH},
    {"SignatureDoesNotMatch*", DNSPROOF_AUTH},
    {"IncompleteSignature*", DNSPROOF_AUTH},
    {"InvalidTimeStamp*", DNSPROOF_AUTH},
    {"Forbidden*", DNSPROOF_AUTH},
    {"NoPermission*", DNSPROOF_AUTH},
    {"InvalidDomainName.NoExist", DNSPROOF_NOZONE},
    {"IncorrectDomainUser", DNSPROOF_NOZONE},
    {"DomainNotBelongToUser*", DNSPROOF_NOZONE},
    {"Throttling*", DNSPROOF_RATE},
    {"SignatureNonceUsed", DNSPROOF_TEMP},
    {"InternalError*", DNSPROOF_TEMP},
    {"ServiceUnavailable*", DNSPROOF_TEMP},
    {0},
};

static enum dnsproof_rc judge(const struct place *p, const struct dnsproof_http_answer *answer,
                              const char *action, const char *fine, const json_t **json)
{
	const char *code = verdict_text(answer->json, "Code");

	if (fine && verdict_fits(code, fine))
		return DNSPROOF_OK;
	if (answer->status != 200)
		return verdict(p->call, answer, words, p->zone, code, verdict_text(answer->json, "Message"));
	*json = answer->json;
	return verdict_text(answer->json, "RequestId") ? DNSPROOF_OK : records_odd(p, action);
}

enum dnsproof_rc alibaba_call(const struct place *p, const struct alibaba *a, const char *method,
                              const char *action, const char *query, const char *fine, const json_t **json)
{
	const char *endpoint = option_text(p->call, "endpoint");
	const struct dnsproof_http_header header[] = {{"x-acs-action", action},
	                                              {"x-acs-version", a->version}};
	struct exchange x = {.profile = SIGN_ACS3,
	                     .key = {option_text(p->call, "access_key"), option_text(p->call, "secret_key"),
	                             option_text(p->call, "security_token")},
	                     .endpoint = endpoint ? endpoint : a->endpoint,
	                     .method = method,
	                     .path = "/",
	                     .query = query,
	                     .header = header,
	                     .headers = 2};
	struct dnsproof_http_answer answer;
	enum dnsproof_rc rc = exchange_run(p->call, &x, &answer);

	*json = NULL;
	return rc == DNSPROOF_OK ? judge(p, &answer, action, fine, json) : rc;
}
