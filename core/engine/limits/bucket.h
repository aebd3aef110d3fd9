/* A limit of a CA: so many in so long a time, as a bucket of tokens that fills evenly (GCRA, as CAs count themselves).
 * Pure. */
#pragma once

#include <stdint.h>

#include "engine/peers/job.h"

/* From when on one more is allowed, `now` at the earliest. full_at: when the bucket is full again, of bucket_take; reserve:
 * so many tokens are left to others. */
int64_t bucket_free_at(const struct job_limit *l, int64_t full_at, unsigned reserve, int64_t now);

/* One is taken now; when the bucket is full then. */
int64_t bucket_take(const struct job_limit *l, int64_t full_at, int64_t now);
