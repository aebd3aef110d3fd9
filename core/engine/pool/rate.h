/* At most so many requests within any minute. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pool_rate {
	uint64_t *at; /* when the last `most` requests went out, a ring */
	size_t most;  /* 0 = no limit */
	size_t next, n;
};

void pool_rate_limit(struct pool_rate *r, unsigned per_minute);   /* 0 = none */
uint64_t pool_rate_wait(const struct pool_rate *r, uint64_t now); /* ms until one may go out */
void pool_rate_count(struct pool_rate *r, uint64_t now);
void pool_rate_free(struct pool_rate *r);
