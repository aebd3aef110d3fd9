/* Certificate requests (RFC 2986) for a list of DNS names. */
#pragma once

#include <openssl/evp.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* What a request is for; borrowed. */
struct csr_names {
	const struct strs *all;
	const char *common; /* of all, that in the subject; NULL: it is empty */
};

/* New string: base64url of the DER of a request whose subjectAltName holds exactly the names, in their order, and
 * whose subject holds the common name alone, if there is one. NULL with e, also where that is none of the names or
 * longer than 64 octets (RFC 5280 appendix A.1, ub-common-name). */
char *csr_make(EVP_PKEY *key, const struct csr_names *names, struct err *e);

/* Is text (base64url) a request of this key for exactly these names in this order, and this common name? */
bool csr_matches(const char *text, EVP_PKEY *key, const struct csr_names *names);
