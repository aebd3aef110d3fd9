/* RPC calls of Alibaba Cloud:
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
#pragma once

#include "records.h"

extern const struct verdict_word alibaba_words[];

void alibaba_sign(const struct place *p, const char *action, struct signing *s);

#define ALIBABA_CALLS(url, version_)                                                                         \
	.endpoint = url, .version = version_, .key = {"access_key", "secret_key", "security_token"},         \
	.sign = alibaba_sign, .code = {"Code"}, .message = {"Message"}, .proof = "RequestId",                \
	.words = alibaba_words

#define ALIBABA_OPTIONS(id_environment, secret_environment, policy)                                          \
	CLOUD_ID("access_key", id_environment, "AccessKey id of a RAM user whose policy allows " policy),    \
	    CLOUD_SECRET("secret_key", secret_environment, "the AccessKey's secret"),                        \
	    CLOUD_TOKEN("security_token", "token of temporary credentials")
