#include "alibaba.h"

/* https://api.alibabacloud.com/document/Alidns/2015-01-09/errorCode and the codes common to all
 * products. */
const struct verdict_word alibaba_words[] = {
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

void alibaba_sign(const struct place *p, const char *action, struct signing *s)
{
	(void)p;
	s->x.profile = SIGN_ACS3;
	s->x.header = signing_headers(s, "x-acs-action", action, "x-acs-version", &s->x.headers);
}
