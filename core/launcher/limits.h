/* Limits of CA accounts: those of the configuration over those that the CA publishes. */
#pragma once

#include <jansson.h>

#include "common/bucket.h"
#include "launcher/ca_account.h"

/* "3000/3h": [3000, 10800], in seconds; NULL when it is none. New. */
json_t *limit_pair(const char *text);

/* Of new orders; most 0: none is known. */
struct bucket_limit limits_new_orders(const struct ca_account *a);

/* Does the CA count no renewals? */
bool limits_exempt_renewals(const struct ca_account *a);

/* {"new_orders": [300, 10800], ...}, as the engine gets it; new. */
json_t *limits_of(const struct ca_account *a);
