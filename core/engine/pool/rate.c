#include "config.h"

#include "engine/pool/rate.h"

#include <string.h>

#define MOST 6000 /* more is no limit for us */

void pool_rate_limit(struct pool_rate *r, unsigned per_minute)
{
	r->most = per_minute > MOST ? 0 : per_minute;
}

/* Empties the seconds that have come since. */
static void advance(struct pool_rate *r, uint64_t now)
{
	uint64_t second = now / 1000;

	if (second >= r->second + POOL_RATE_S)
		memset(r->sent, 0, sizeof(r->sent));
	else
		while (r->second < second)
			r->sent[++r->second % POOL_RATE_S] = 0;
	r->second = second;
}

uint64_t pool_rate_wait(struct pool_rate *r, uint64_t now, unsigned n, unsigned open)
{
	uint64_t used = open;

	if (!r->most)
		return 0;
	advance(r, now);
	if (n > r->most)
		n = r->most;
	for (unsigned i = 0; i < POOL_RATE_S; i++)
		used += r->sent[i];
	if (used + n <= r->most)
		return 0;
	for (unsigned i = 1; i <= POOL_RATE_S; i++) { /* from the oldest */
		used -= r->sent[(r->second + i) % POOL_RATE_S];
		if (used + n <= r->most)
			return (r->second + i) * 1000 - now;
	}
	return POOL_RATE_S * 1000; /* an answer comes before */
}

void pool_rate_count(struct pool_rate *r, uint64_t now, unsigned age_s, unsigned n)
{
	unsigned *sent;

	if (!r->most || age_s >= POOL_RATE_S)
		return;
	advance(r, now);
	sent = &r->sent[(r->second + POOL_RATE_S - age_s) % POOL_RATE_S];
	*sent = n > MOST - *sent ? MOST : *sent + n;
}

void pool_rate_forget(struct pool_rate *r)
{
	memset(r->sent, 0, sizeof(r->sent));
}
