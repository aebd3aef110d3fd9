/* Private keys: p256, p384, rsa2048, rsa3072, rsa4096; PKCS#8 PEM. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

bool key_type_known(const char *type);
bool key_type_slow(const char *type); /* generating one takes long enough to be felt (RSA) */

/* Type of a private or public key, or NULL when it is none of the above. */
const char *key_type(const EVP_PKEY *key);

/* New key, to be released with EVP_PKEY_free(); NULL on failure. */
EVP_PKEY *key_make(const char *type, struct err *e);

/* New PEM text; release with mem_wipe_free(). */
char *key_pem(const EVP_PKEY *key);

/* The first private key in PEM text; an encrypted one is refused, nobody is asked. */
EVP_PKEY *key_parse(const char *pem, size_t n, struct err *e);

/* JWS name of its signature algorithm (RFC 7518 section 3.1). */
const char *key_alg(const EVP_PKEY *key);
const EVP_MD *key_hash(const EVP_PKEY *key);

/* New signature of n octets in the form of JWS: r||s of fixed length for EC (RFC 7518 section 3.4). */
unsigned char *key_sign(EVP_PKEY *key, const void *bytes, size_t n, size_t *length, struct err *e);
