/* Calls of Tencent Cloud's API 3.0: https://www.tencentcloud.com/document/product/1278/46695 */
#pragma once

#include "records.h"

extern const struct verdict_word tencent_words[];

void tencent_sign(const struct place *p, const struct ask *ask, struct signing *s);

#define TENCENT_CALLS                                                                                        \
	.key = {"secret_id", "secret_key", "session_token"}, .sign = tencent_sign,                           \
	.code = {"Response.Error.Code"}, .message = {"Response.Error.Message"}, .good = "Response",          \
	.proof = "RequestId", .words = tencent_words
