/* The host and port of an https URL: what a signature is bound to. */
#pragma once

#include "common/err.h"

/* New "host:port" (lower case, 443 when none is given) of a URL that is https, printable ASCII,
 * without user information, at most 2048 octets; NULL with e saying what is wrong. */
char *origin_of(const char *url, struct err *e);
