/* At most so many requests within any minute, counted by the second. */
#pragma once

#include <stdint.h>

#define POOL_RATE_S 61 /* the second that runs and the whole minute before it */

struct pool_rate {
	unsigned most;              /* a minute; 0 = no limit */
	uint64_t second;            /* the newest one */
	unsigned sent[POOL_RATE_S]; /* by second % POOL_RATE_S */
};

void pool_rate_limit(struct pool_rate *r, unsigned per_minute); /* 0 = none */

/* ms until n more may go out beside `open` ones that are under way; 0 = now. More than the limit go out alone. */
uint64_t pool_rate_wait(struct pool_rate *r, uint64_t now, unsigned n, unsigned open);

void pool_rate_count(struct pool_rate *r, uint64_t now, unsigned age_s, unsigned n); /* sent age_s ago */
void pool_rate_forget(struct pool_rate *r);                                          /* what was counted */
