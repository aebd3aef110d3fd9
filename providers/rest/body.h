/* A JSON body as the descriptor writes it -> JSON. */
#pragma once

#include "run.h"

/* Expands templates in keys and values, {$each: variable, as: ...}, $copy and "key?". New reference;
 * NULL with the failure recorded. */
json_t *body_json(struct run *r, const json_t *written);

/* A variable that $each or $copy names: "{x}", "x" or "x.member". New reference; NULL as above. */
json_t *body_variable(struct run *r, const json_t *name);

/* Sets {item}, {item_key} (NULL: none) and {item_index} for one turn of $each. */
void body_turn(struct run *r, json_t *item, const char *key, size_t index);
