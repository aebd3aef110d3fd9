/* External account binding (RFC 8555 section 7.3.4): the CA's word that an account may be made. */
#pragma once

#include <jansson.h>

#include "common/err.h"
#include "keeper/account.h"

/* New flattened JWS of the account's public key, made with the key (base64url, also padded or plain base64)
 * that the CA gave out under the name kid; url is its newAccount. NULL on failure. */
json_t *bind_sign(const struct account *a, const char *kid, const char *key, const char *url, struct err *e);
