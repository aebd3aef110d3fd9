/* Secrets that an older version stored themselves, where now only their sources are. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/str.h"

/* Takes from the options of a provider those that hold a secret itself, and adds their names to `gone`. The provider is
 * asked which they are; false when it does not say. */
bool literal_secrets_drop(json_t *set, const char *provider, struct strs *gone);
