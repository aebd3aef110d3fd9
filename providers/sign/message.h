/* Signatures of HTTP messages by RSA-SHA256: draft-cavage-http-signatures-08, as Oracle Cloud takes
 * it (https://docs.oracle.com/en-us/iaas/Content/API/Concepts/signingrequests.htm). */
#pragma once

#include <stddef.h>

#include "key.h"

/* In the order in which they are signed; "(request-target)" is one of them. */
struct message_field {
	const char *name; /* lower case */
	const char *value;
};

/* What is signed: "name: value" lines. New string. */
char *message_text(const struct message_field *field, size_t n);
/* The value of the Authorization header. New string; NULL if the key is no RSA key. */
char *message_authorization(const struct key *key, const char *key_id, const struct message_field *field,
                            size_t n);
/* "Thu, 05 Jan 2014 21:31:40 GMT" (RFC 9110 section 5.6.7) in to, 32 octets. */
void message_date(char to[32], long long seconds);
