/*
 * Signatures of requests with a shared secret: a request goes in, the headers to add come out.
 * Nothing is sent and no clock is read. The documentation of each: SIGN_AWS4
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 *   SIGN_TC3      https://www.tencentcloud.com/document/product/1278/46699
 *   SIGN_ACS3
 * https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature
 *   SIGN_HUAWEI   https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm.html
 *   SIGN_VOLC     https://www.volcengine.com/docs/6369/67269
 *   SIGN_JDCLOUD2 https://docs.jdcloud.com/en/common-declaration/api/signature
 *   SIGN_BCE1     https://cloud.baidu.com/doc/Reference/s/Njwvz1wot
 *   SIGN_EG1      https://techdocs.akamai.com/developer/docs/edgegrid
 */
#pragma once

#include "provider.h"

enum sign_profile {
	SIGN_AWS4,
	SIGN_TC3,
	SIGN_ACS3,
	SIGN_HUAWEI,
	SIGN_VOLC,
	SIGN_JDCLOUD2,
	SIGN_BCE1,
	SIGN_EG1,
};

struct sign_key {
	const char *id; /* access key; EG1: client token */
	const char *secret;
	const char *token; /* session token, or NULL; EG1: access token */
};

struct sign_request {
	enum sign_profile profile;
	struct sign_key key;
	const char *region;  /* AWS4, VOLC, JDCLOUD2 */
	const char *service; /* those and TC3 */
	long long time;      /* seconds since 1970 */
	const char *nonce;   /* ACS3, JDCLOUD2, EG1 */
	const char *method;
	const char *scheme;                        /* EG1 */
	const char *host;                          /* as in the header Host */
	const char *path;                          /* as sent */
	const char *query;                         /* as sent, or NULL */
	const struct dnsproof_http_header *header; /* others to be signed (EG1 signs none) */
	size_t headers;
	const void *body;
	size_t body_len;
};

#define SIGN_ADDED_MOST 6

/* What the request needs besides: date, hash, nonce, token, authorization. Texts live until the
 * call ends. */
struct sign_added {
	struct dnsproof_http_header at[SIGN_ADDED_MOST];
	size_t n;
};

void sign(const struct dnsproof_call *call, const struct sign_request *request, struct sign_added *added);
/* A random UUID. */
const char *sign_nonce(const struct dnsproof_call *call);
