/* Calls of Tencent Cloud's API 3.0: https://www.tencentcloud.com/document/product/1278/46695 */
#pragma once

#include "records.h"

extern const struct verdict_word tencent_words[];

void tencent_sign(const struct place *p, const char *action, struct signing *s);

#define TENCENT_CALLS(url, service_, version_)                                                               \
	.endpoint = url, .service = service_, .version = version_,                                           \
	.key = {"secret_id", "secret_key", "session_token"}, .sign = tencent_sign,                           \
	.code = {"Response.Error.Code"}, .message = {"Response.Error.Message"}, .good = "Response",          \
	.proof = "RequestId", .words = tencent_words

#define TENCENT_OPTIONS(id_environment, secret_environment, policy, url)                                     \
	CLOUD_ID("secret_id", id_environment, "API key id of a CAM sub-user whose policy allows " policy),   \
	    CLOUD_SECRET("secret_key", secret_environment, "the key's secret"),                              \
	    CLOUD_TOKEN("session_token", "token of temporary credentials"), CLOUD_ENDPOINT(", " url)
