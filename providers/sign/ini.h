/* Credential files in INI form: ~/.aws/credentials, ~/.edgerc. */
#pragma once

#include "provider.h"

/* The value of a key in [section], trimmed, or NULL if it is not there or empty. Keys before any
 * section belong to "default". Lives until the call ends. */
const char *ini_get(const struct dnsproof_call *call, const char *text, const char *section, const char *key);
/* Is there such a section? */
int ini_has(const struct dnsproof_call *call, const char *text, const char *section);
