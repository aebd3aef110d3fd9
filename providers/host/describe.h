/* What a provider is, for people and programs. */
#pragma once

#include <jansson.h>

#include "options.h"
#include "provider.h"

json_t *describe_json(const struct dnsproof_provider *p); /* new reference */
/* New string of several lines; given and name fill in what the provider's help leaves open, both may be NULL. */
char *describe_text(const struct dnsproof_provider *p, const struct givens *given, const char *name);
