/* The texts in which people have TSIG keys. */
#pragma once

#include "tsig.h"

#include <stddef.h>

/* Reads `text` (length octets; from a file of the user, hostile) as one of:
 *   key "name" { algorithm hmac-sha256; secret "base64"; };   BIND, with comments, in any order
 *   algorithm:name:secret                                     as knsupdate and kdig take it
 *   name:secret                                               hmac-sha256
 *   the others that dnsproof-rfc2136(7) names; the private half of dnssec-keygen's pair, which has no name in it,
 *   with `source` "file:/.../Kname.+163+12345.private" (NULL: not known)
 * Returns NULL and fills `key`, or returns what is wrong with it and what to do (static; never holds
 * any of the text) and leaves `key` wiped. */
const char *keyfile_parse(struct tsig_key *key, const char *text, size_t length, const char *source);

/* The same of a key whose parts are given each by itself; algorithm NULL: hmac-sha256. */
const char *keyfile_parts(struct tsig_key *key, const char *name, const char *algorithm, const char *secret);
