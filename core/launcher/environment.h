/* The environment variables that users of other programs have for a provider. */
#pragma once

#include <jansson.h>

/* For each option in `table` (provider_options(); may be NULL) that is absent from `options`: the first of its known
 * environment names that is set becomes its source env:NAME, or NAME_FILE, which holds a path, file:PATH (a
 * relative path is left out). Options of several ways to authenticate are looked for only if none of them was
 * given; optional ones only if no credential at all was given, so that what belongs to another account is not
 * mixed in. */
void environment_fill(json_t *options, const json_t *table);
