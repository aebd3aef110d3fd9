/* Which of a CA's chains for one certificate is published (RFC 8555 section 7.4.2). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* The chain (PEM) that is wanted, of the usual one and a list of texts that may be others (NULL: none); borrowed from
 * these. wanted: the common name of whoever issued the last certificate of the chain, in any case, or the SHA-256
 * fingerprint of a certificate in it, in hexadecimal with or without colons. An alternate counts only if it begins with
 * the certificate of the usual one, and each of its certificates is signed by the next. *found is false, and the usual
 * one is given, when none is. */
const char *alternates_choose(const char *usual, const json_t *alternates, const char *wanted, bool *found);
