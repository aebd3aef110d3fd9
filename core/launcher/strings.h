/* Lists of strings as JSON arrays. */
#pragma once

#include <jansson.h>

#include "common/str.h"

json_t *strings_json(const struct strs *s);              /* new array */
void strings_take(struct strs *to, const json_t *array); /* appends; what is no string is left out */
