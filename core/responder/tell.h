/* What a provider tells the responder, JSON lines (wire.h): add, del and list of TXT values. */
#pragma once

#include <jansson.h>

#include "responder/answer.h"

/* One request: {"id":1,"op":"add"|"del"|"list","zone":..,"name":..,"value":..,"ttl":60}. The answer, a new
 * reference: {"id":1,"rc":"ok"|"nozone"|"invalid","msg":..,"values":[..]}. A zone that we do not answer for is
 * "nozone", but for del: nothing of it can be here. */
json_t *tell_answer(struct authority *who, const json_t *request);
