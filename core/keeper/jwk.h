/* A public key as JSON Web Key (RFC 7517) and its thumbprint (RFC 7638). */
#pragma once

#include <jansson.h>
#include <openssl/evp.h>

/* New object whose members are those of RFC 7638 section 3.2 in its order; NULL on failure. */
json_t *jwk_of(const EVP_PKEY *key);

/* New string: base64url of SHA-256 of the canonical text. */
char *jwk_thumbprint(const json_t *jwk);

/* New string: base64url of SHA-256 of a text. */
char *jwk_digest(const char *text);
