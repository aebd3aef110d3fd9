/* What a provider is, for people and programs. */
#pragma once

#include <jansson.h>

#include "provider.h"

json_t *describe_json(const struct dnsproof_provider *p); /* new reference */
char *describe_text(const struct dnsproof_provider *p);   /* new string of several lines */
