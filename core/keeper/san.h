/* subjectAltName to and from a list of DNS names. */
#pragma once

#include <openssl/x509v3.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* New list, or NULL on failure. */
GENERAL_NAMES *san_make(const struct strs *names);

/* Appends the DNS names in lower case; false when list is NULL or empty (RFC 5280, 4.2.1.6), holds anything but DNS
 * names, or a name that is not plain text. */
bool san_read(const GENERAL_NAMES *list, struct strs *names, struct err *e);

/* Are all names asked for there, and beside them only such as lie below one, or are it without "www." or "*."?
 * Else e names one that is missing or extra. */
bool san_serves(const struct strs *found, const struct strs *asked, struct err *e);
