/* A private key that another program made and kept. */
#pragma once

#include <openssl/evp.h>
#include <stddef.h>

#include "common/err.h"

/* The key in a text that may come from anybody: PEM, or a private JWK. Its halves are one pair. To be released with
 * EVP_PKEY_free(); NULL with e. */
EVP_PKEY *foreign_key_parse(const char *text, size_t n, struct err *e);
