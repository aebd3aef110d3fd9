/* The environment variables that users of other programs have for a provider. */
#pragma once

#include <jansson.h>

/* For each option in `table` (provider_options(); may be NULL) that is required and absent from `options`: the first
 * of its known environment names that is set becomes its source env:NAME, or NAME_FILE, which holds a
 * path, file:PATH (a relative path is left out). */
void environment_fill(json_t *options, const json_t *table);
