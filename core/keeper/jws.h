/* Signed requests to a CA (RFC 8555 section 6.2): flattened JWS with a protected header of our making. */
#pragma once

#include <jansson.h>

#include "common/err.h"
#include "keeper/account.h"

/* May this URL (called `what` in the failure) be signed for: at the account's CA, with a plain path? */
bool jws_url_ok(const struct account *a, const char *what, const char *url, struct err *e);

struct jws {
	const char *url, *nonce;
	const char *payload; /* "" = POST-as-GET */
	const char *kid;     /* NULL: the public key goes along instead */
};

/* New object {"protected","payload","signature"}; NULL when url or kid are not at the account's CA,
 * or the nonce is no base64url. What the payload may say is policy.h's. */
json_t *jws_sign(const struct account *a, const struct jws *j, struct err *e);

/* The same without nonce, by the public key, for what goes inside another (RFC 8555 section 7.3.5). */
json_t *jws_sign_inner(const struct account *a, const char *url, const char *payload, struct err *e);
