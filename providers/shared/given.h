/* What the operator gave. */
#pragma once

#include "provider.h"

/* An option's text, NULL if it has none. */
const char *given_text(const struct dnsproof_call *call, const char *key);
/* The same, or what stands instead of it. */
const char *given_or(const struct dnsproof_call *call, const char *key, const char *standard);
/* A URL without the slashes at its end; a text of the host. */
const char *given_base(const struct dnsproof_call *call, const char *key, const char *standard);
/* A text as one segment of a path or a value of a query (RFC 3986); a text of the host. */
const char *given_path(const struct dnsproof_call *call, const char *text);
/* A text as a value of a form; a text of the host. */
const char *given_form(const struct dnsproof_call *call, const char *text);
