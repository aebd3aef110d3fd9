/* Certificate requests (RFC 2986) for a list of DNS names. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* New string: base64url of the DER of a request whose subjectAltName holds exactly the names, in
 * their order, and whose subject is the shortest name that fits a common name, if any. */
char *csr_make(EVP_PKEY *key, const struct strs *names, struct err *e);

/* Is text (base64url) a request of this key for exactly these names in this order? */
bool csr_matches(const char *text, EVP_PKEY *key, const struct strs *names);
