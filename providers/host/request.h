/* One request of the engine -> one answer (dnsproof-provider(7)). */
#pragma once

#include <jansson.h>

#include "host.h"

/* Never NULL, whatever the line holds; new reference. The policy is asked before the module is. */
json_t *request_answer(struct host *h, const json_t *line);

/* The first line of the host. New reference. */
json_t *request_hello(const struct host *h);

/* "record", "rrset", "zone". */
const char *request_unit_word(enum dnsproof_unit unit);

/* The calls a provider has, and its limits, as the first line and the description tell them. */
json_t *request_ops(const struct dnsproof_provider *p);
json_t *request_limits(const struct dnsproof_provider *p);
