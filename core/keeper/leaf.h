/* What a server certificate says of itself. */
#pragma once

#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"
#include "common/str.h"

struct leaf {
	struct strs names;             /* lower case, as in the certificate */
	int64_t not_before, not_after; /* seconds since 1970 */
	char *serial;                  /* hexadecimal, lower case */
	char *ari;                     /* RFC 9773 section 4.1; NULL without authority key identifier */
	char *issuer;                  /* common name, else the whole name; for people */
	const char *type;              /* of its key (key.h); static */
};

/* Fills l; false when the certificate cannot be a server's (no names, CA, unknown key type). */
bool leaf_read(struct leaf *l, X509 *x, struct err *e);
void leaf_free(struct leaf *l); /* a zeroed one is allowed */
