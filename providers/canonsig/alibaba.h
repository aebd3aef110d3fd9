/* RPC calls of Alibaba Cloud:
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
#pragma once

#include "records.h"

extern const struct verdict_word alibaba_words[];

void alibaba_sign(const struct place *p, const struct ask *ask, struct signing *s);

#define ALIBABA_CALLS                                                                                        \
	.key = {"access_key", "secret_key", "security_token"}, .sign = alibaba_sign, .code = {"Code"},       \
	.message = {"Message"}, .proof = "RequestId", .words = alibaba_words
