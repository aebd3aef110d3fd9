/* Documents of one JSON object a line, so that no list is bound to the length of one. */
#pragma once

#include <jansson.h>

#include "common/buf.h"

#define LINES_LIST 500 /* members of a long list in one line */

/* Appends one line; o is stolen. */
void lines_add(struct buf *b, json_t *o);

/* At most LINES_LIST members of list from `at` on; new array. */
json_t *lines_part(const json_t *list, size_t at);
