/* A private key that signs, and the certificate that may stand beside it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* RFC 7518 section 3.1. RS256 and RS512 are plain RSA signatures too; ES256 gives r and s, 64
 * octets. */
enum key_scheme { KEY_RS256, KEY_RS512, KEY_PS256, KEY_ES256 };

struct key;

/* PEM (PKCS #8, PKCS #1, SEC 1, encrypted or not); other PEM blocks around it are skipped.
 * passphrase may be NULL. NULL with *why, a constant. */
struct key *key_parse(const char *pem, const char *passphrase, const char **why);
void key_free(struct key *key);

bool key_is_rsa(const struct key *key);
/* Octets to free; NULL when the key is not of the scheme's kind. */
unsigned char *key_sign(const struct key *key, enum key_scheme scheme, const void *bytes, size_t n,
                        size_t *length);
/* SubjectPublicKeyInfo in DER, to free. */
unsigned char *key_public(const struct key *key, size_t *length);
/* The first certificate of a PEM text that belongs to the key, in DER, to free; NULL if there is
 * none. */
unsigned char *key_certificate(const struct key *key, const char *pem, size_t *length);
