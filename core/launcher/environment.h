/* The environment variables that users of other programs have for a provider. */
#pragma once

#include <jansson.h>

/* For each option in `table` (provider_options(); may be NULL) that is absent from `options`: the first of its known
 * environment names that is set becomes its source env:NAME, or NAME_FILE, which holds a path, file:PATH (a
 * relative path is left out). Nothing is taken once an option of the credential was given (a secret, or one of
 * several ways to authenticate), so that what belongs to another account is not mixed in; optional ones not
 * even beside a required one that was. */
void environment_fill(json_t *options, const json_t *table);
