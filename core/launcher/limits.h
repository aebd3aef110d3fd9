/* Limits of CA accounts: those of the configuration over those that the CA publishes. */
#pragma once

#include <jansson.h>

#include "launcher/ca_account.h"

/* "3000/3h": [3000, 10800], in seconds; NULL when it is none. New. */
json_t *limit_pair(const char *text);

/* {"new_orders": [300, 10800], ...}, as the engine gets it; new. */
json_t *limits_of(const struct ca_account *a);
