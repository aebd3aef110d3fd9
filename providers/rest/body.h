/* A JSON body as the descriptor writes it -> JSON. */
#pragma once

#include "run.h"

/* Expands templates in keys and values, {$each: variable, as: ...}, $copy and "key?". New reference;
 * NULL with the failure recorded. */
json_t *body_json(struct run *r, const json_t *written);
