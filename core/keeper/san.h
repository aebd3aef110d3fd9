/* subjectAltName to and from a list of DNS names. */
#pragma once

#include <openssl/x509v3.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* New list, or NULL on failure. */
GENERAL_NAMES *san_make(const struct strs *names);

/* Appends the DNS names in lower case; false when list is NULL, holds anything but DNS names, or a
 * name that is not plain text. */
bool san_read(const GENERAL_NAMES *list, struct strs *names, struct err *e);

/* Do both lists hold the same names, whatever the order? Else e names one that is missing or extra. */
bool san_same(const struct strs *found, const struct strs *asked, struct err *e);
