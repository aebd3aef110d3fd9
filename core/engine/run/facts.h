/* What is published, written into the index of certificates. */
#pragma once

#include <jansson.h>
#include <stdint.h>

#include "engine/order/world.h"
#include "engine/run/due.h"

/* current: what the keeper says of the live pair of c with that key type, with its dates; look_at: when the next run
 * that is not told to looks again, seconds since 1970. */
void facts_store(struct world *e, const struct job_cert *c, const char *key_type, const json_t *current,
                 const struct due_dates *dates, int64_t look_at);
