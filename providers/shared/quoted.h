/* TXT records as they stand in zone files: character-strings in quotes, RFC 1035 section 5.1. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The record's character-strings joined, quotes and escapes undone. New buffer of *length octets
 * and a NUL. Strings without quotes are taken too. NULL if it is malformed. */
char *quoted_parse(const char *text, size_t *length);
/* Is the record this value, however it is written? */
bool quoted_is(const char *text, const char *value);
