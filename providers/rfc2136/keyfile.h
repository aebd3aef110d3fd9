/* The texts in which people have TSIG keys. */
#pragma once

#include "tsig.h"

#include <stddef.h>

/* Reads `text` (length octets; from a file of the user, hostile) as one of:
 *   key "name" { algorithm hmac-sha256; secret "base64"; };   BIND, with comments, in any order
 *   algorithm:name:secret                                     as knsupdate and kdig take it
 *   name:secret                                               hmac-sha256
 * Returns NULL and fills `key`, or returns what is wrong with it and what to do (static; never holds
 * any of the text) and leaves `key` wiped. */
const char *keyfile_parse(struct tsig_key *key, const char *text, size_t length);
