/* The words of a service that refuses an account's secrets: where they came from, and what is needed. */
#pragma once

#include "options.h"
#include "provider.h"

/* The refusal `message` with the sources of p's secrets among `given` (values are not looked at) and the remedy; new
 * string. */
char *credentials_words(const struct dnsproof_provider *p, const struct givens *given, const char *zone,
                        const char *message);
