/* Signed assertions: JSON Web Tokens, RFC 7519, in the compact form of RFC 7515. */
#pragma once

#include <jansson.h>

#include "key.h"

/* NULL members are left out. */
struct jwt_claims {
	const char *issuer, *subject, *audience, *scope, *id;
	long long now;    /* seconds since 1970: iat */
	unsigned seconds; /* until exp */
	int not_before;   /* 1: nbf too, the same as iat */
};

/* New string; NULL if the key is not of the scheme's kind. header: members of the header besides
 * alg and typ, or NULL; borrowed. */
char *jwt_sign(const struct key *key, enum key_scheme scheme, const json_t *header,
               const struct jwt_claims *claims);
