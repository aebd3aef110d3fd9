/* Accounts of this run: key, the CA it belongs to. Keys are STATE/keys/NAME.pem. */
#pragma once

#include <jansson.h>
#include <openssl/evp.h>

#include "common/err.h"
#include "keeper/folder.h"

struct account {
	char *name;
	EVP_PKEY *key;
	json_t *jwk;
	char *thumbprint; /* RFC 7638 */
	char *origin;     /* url_authority() of the CA's directory: signatures go nowhere else */
};

/* New account with the key of that name in folder keys. An absent key is made (P-256), durable
 * before this returns; two processes at once end up with the same one. NULL on failure. */
struct account *account_open(const struct folder *keys, const char *name, const char *directory,
                             struct err *e);

/* The same, but an absent key is none: NULL with e. */
struct account *account_load(const struct folder *keys, const char *name, const char *directory,
                             struct err *e);

/* The same with another client's key, as it stands in its file (PEM or JWK); nothing is written. NULL, too, when that
 * account has another key. */
struct account *account_import(const struct folder *keys, const char *name, const char *directory,
                               const char *text, struct err *e);

/* Writes its key, durable before this returns; false when the account has another one meanwhile. */
bool account_keep(const struct folder *keys, const struct account *a, struct err *e);

/* The key in a file of keys; NULL on failure. */
EVP_PKEY *account_key(const struct folder *keys, const char *file, struct err *e);

/* The same for a key at hand (reference stolen). */
struct account *account_new(EVP_PKEY *key, const char *name, const char *directory, struct err *e);
void account_free(struct account *a); /* NULL allowed */

/* New string: the TXT value of dns-01 (RFC 8555 section 8.4), or NULL when the token is not 22..128
 * characters of base64url. */
char *account_challenge(const struct account *a, const char *token, struct err *e);
