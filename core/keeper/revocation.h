/*
 * What a run of `revoke` may revoke (RFC 8555 section 7.6): the launcher names each by a generation of the store, or
 * hands its PEM over. For keyCompromise all unexpired generations of the same certificate that share the key are meant.
 */
#pragma once

#include <jansson.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

#include "keeper/setup.h"

#define REASON_KEY_COMPROMISE 1 /* RFC 5280 section 5.3.1 */

/* New list of {"certificate": base64url DER, "generation": NAME or null}, those of the named
 * generation last, and its name with the last of them. NULL with e. */
json_t *revocation_certificates(const struct setup *setup, size_t n, int64_t now, struct err *e);

/* The key of that certificate (base64url DER) itself, which signs; EVP_PKEY_free. NULL with e. */
EVP_PKEY *revocation_key(const struct setup *setup, size_t n, const char *certificate, struct err *e);

/* The key of a certificate (base64url DER) is not used again; durable. */
bool revocation_bar(const struct setup *setup, const char *certificate, struct err *e);

/* The CA has revoked that generation; durable. */
bool revocation_note(const struct setup *setup, size_t n, const char *generation, struct err *e);
