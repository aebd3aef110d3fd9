/* What a provider says went wrong, out of the body of an answer. */
#pragma once

#include <jansson.h>
#include <stddef.h>

/* The sentences of the usual members of JSON errors (RFC 9457 and the many other shapes), of XML ones,
 * the title of an HTML page, else the text itself without markup. New string, white space joined,
 * neither masked nor made printable; "" if there is nothing. json may be NULL. */
char *http_words(const json_t *json, const char *body, size_t len);
