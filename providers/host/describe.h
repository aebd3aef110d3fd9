/* What a provider is, for people and programs. */
#pragma once

#include <jansson.h>

#include "options.h"
#include "provision.h"

json_t *describe_json(const struct provision *p); /* new reference */
/* New string of several lines; given and name fill in what the provider's help leaves open, both may be NULL. */
char *describe_text(const struct provision *p, const struct givens *given, const char *name);
