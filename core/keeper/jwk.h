/* Keys as JSON Web Keys (RFC 7517), and the thumbprint of a public one (RFC 7638). */
#pragma once

#include <jansson.h>
#include <openssl/evp.h>

#include "common/err.h"

/* New object whose members are those of RFC 7638 section 3.2 in its order; NULL on failure. */
json_t *jwk_of(const EVP_PKEY *key);

/* New string: base64url of SHA-256 of the canonical text. */
char *jwk_thumbprint(const json_t *jwk);

/* New string: base64url of SHA-256 of a text. */
char *jwk_digest(const char *text);

/* The private key (RFC 7518 section 6: EC with crv, x, y and d; RSA with n, e, d, p, q, dp, dq and qi), which may come from
 * anybody: nothing of it has been checked but that it can be such a key. To be released with EVP_PKEY_free(); NULL with e. */
EVP_PKEY *jwk_private(const json_t *jwk, struct err *e);
