#include "config.h"

#include "engine/pool/rate.h"

#include <stdlib.h>

#include "common/mem.h"

#define MINUTE_MS 60000
#define MOST      6000 /* more is no limit for us */

void pool_rate_limit(struct pool_rate *r, unsigned per_minute)
{
	size_t most = per_minute > MOST ? 0 : per_minute;

	if (most == r->most)
		return;
	pool_rate_free(r);
	r->most = most;
	r->at = most ? xcalloc(most, sizeof(*r->at)) : NULL;
}

uint64_t pool_rate_wait(const struct pool_rate *r, uint64_t now)
{
	uint64_t free_at;

	if (!r->most || r->n < r->most)
		return 0;
	free_at = r->at[r->next] + MINUTE_MS;
	return free_at > now ? free_at - now : 0;
}

void pool_rate_count(struct pool_rate *r, uint64_t now)
{
	if (!r->most)
		return;
	r->at[r->next] = now;
	r->next = (r->next + 1) % r->most;
	if (r->n < r->most)
		r->n++;
}

void pool_rate_free(struct pool_rate *r)
{
	free(r->at);
	*r = (struct pool_rate){0};
}
