/* The names of one certificate, as a person types them. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

#define NAMES_MOST 100

/* Normalises typed into names (order kept). Refuses more than NAMES_MOST, duplicates, and what a
 * wildcard among them covers. */
bool names_check(const struct strs *typed, struct strs *names, struct err *e);

/* The certificate's ID: `given` (letters, digits, '.', '_', '-'; made lower case) or, when NULL, the first
 * name without "*.". New string; NULL with e. */
char *names_id(const char *given, const struct strs *names, struct err *e);

/* "add a, b; drop c" for two sets of names, "" when they are equal. New string. */
char *names_difference(const struct strs *old, const struct strs *now);

/* May name be the common name of a certificate with these names? It is one of them, of at most 64 octets (RFC 5280
 * appendix A.1, ub-common-name). False with e: "what, expected what". */
bool names_common_name(const char *name, const struct strs *names, struct err *e);

/* A --cname-target pattern ("x", "*.x", "**.x") or a zone as typed -> lower case without trailing dot; the
 * root gives ".". New string; NULL with e. */
char *names_pattern(const char *typed, bool wildcards, struct err *e);

/* Is it ADDR, ADDR:PORT, or [ADDR6]:PORT? */
bool names_is_address(const char *text);

/* "ZONE=ADDR,ADDR..." or "ZONE=auto" -> the same with the zone normalised. New string; NULL with e. */
char *names_servers(const char *typed, struct err *e);
