/* Keys that are compromised: STATE/keys/barred/<SHA-256 of the public key>. None of them is used again. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>

#include "common/err.h"

/* Durable on success; again is fine. */
bool barred_add(const char *state, EVP_PKEY *key, struct err *e);

/* True when the key may be used. */
bool barred_check(const char *state, EVP_PKEY *key, struct err *e);
