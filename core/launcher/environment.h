/* The environment variables that users of other programs have for a provider. */
#pragma once

#include <jansson.h>

/* Fills the options in `table` (provider_options(); may be NULL) that are absent from `options` with the source
 * env:NAME or file:PATH, as common/env_names.h says; a relative path is left out. */
void environment_fill(json_t *options, const json_t *table);
