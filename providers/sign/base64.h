/* Octets as text, RFC 4648. */
#pragma once

#include <stddef.h>

/* New string, standard alphabet with padding (section 4). */
char *base64_text(const void *bytes, size_t n);
/* New string, URL alphabet without padding (section 5). */
char *base64_url(const void *bytes, size_t n);
