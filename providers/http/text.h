/* Texts that live until the call ends. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* printf-like. */
char *http_text(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

/* kind: hex, base64, base64url, path, form, xml; NULL for any other. */
char *http_encode(const char *kind, const void *bytes, size_t n);

/* Wipes and frees all. */
void http_text_end(void);
