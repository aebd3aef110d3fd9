/* A limit of a CA: so many in so long a time, as a bucket of tokens that fills evenly (GCRA, as CAs count themselves).
 * Moments are seconds since 1970. Pure. */
#pragma once

#include <stdint.h>

#include "common/str.h"

struct bucket_limit {
	unsigned most,
	    seconds; /* so many in that time; most 0: no limit, and none of the below may be asked */
};

/* Of new orders: so many tokens are left to those that are urgent. */
unsigned bucket_reserve(const struct bucket_limit *l);

/* From when on one more is allowed, `now` at the earliest. full_at: when the bucket is full again, of bucket_take;
 * reserve: so many tokens are left to others. */
int64_t bucket_free_at(const struct bucket_limit *l, int64_t full_at, unsigned reserve, int64_t now);

/* So many are allowed at once now. */
unsigned bucket_left(const struct bucket_limit *l, int64_t full_at, unsigned reserve, int64_t now);

/* One is taken now; when the bucket is full then. */
int64_t bucket_take(const struct bucket_limit *l, int64_t full_at, int64_t now);

/* Names of buckets: all new orders; certificates for exactly these names, in whatever order; failed validations of the
 * name, a wildcard's with those of the name below which it stands. New strings. */
#define BUCKET_ORDERS   "orders"
#define BUCKET_SET      "set "
#define BUCKET_FAILURES "failed "
char *bucket_of_set(const struct strs *names);
char *bucket_of_failures(const char *name);

/* "300 new orders in 3 hours" for what = "new orders"; new string. */
char *bucket_limit_text(const struct bucket_limit *l, const char *what);
