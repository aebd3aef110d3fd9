/* base64 (RFC 4648 section 4), base64url without padding (section 5), hexadecimal. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* New NUL-terminated string. */
char *b64url_encode(const void *bytes, size_t n);
char *b64_encode(const void *bytes, size_t n);
char *hex_encode(const void *bytes, size_t n); /* lower case */

/* Decode into new memory of *n bytes (NUL-terminated besides), or NULL when the text is not exactly
 * of that alphabet. b64url takes no padding; b64 takes padding or none and skips white space. */
uint8_t *b64url_decode(const char *text, size_t *n);
uint8_t *b64_decode(const char *text, size_t *n);
