/* A pair that another program has had made: looked at, and published as one of ours. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "keeper/setup.h"

/* What this run's pair is: new object {names, type, not_before, not_after, issuer}. NULL with e when it is no pair that
 * might be published but for its dates. */
json_t *adoption_look(const struct setup *setup, struct err *e);

/* Publishes it as certificate `id`, which has nothing published, or just this: {generation}. Again after a crash is fine.
 * NULL with e. */
json_t *adoption_run(const struct setup *setup, const char *id, int64_t now, struct err *e);
