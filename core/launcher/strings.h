/* Lists of strings as JSON arrays. */
#pragma once

#include <jansson.h>

#include "common/str.h"

const char *strings_at(const json_t *array, size_t n); /* borrowed; "" when it is no string */

json_t *strings_json(const struct strs *s);              /* new array */
void strings_take(struct strs *to, const json_t *array); /* appends; what is no string is left out */
