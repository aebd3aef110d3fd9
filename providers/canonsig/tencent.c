#include "tencent.h"

/* https://www.tencentcloud.com/document/product/1278/46697 and the codes of each product. */
const struct verdict_word tencent_words[] = {
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

void tencent_sign(const struct place *p, const char *action, struct signing *s)
{
	(void)p;
	s->x.profile = SIGN_TC3;
	s->x.method = "POST";
	s->x.content_type = "application/json; charset=utf-8";
	s->x.plain = signing_headers(s, "X-TC-Action", action, "X-TC-Version", &s->x.plains);
}
