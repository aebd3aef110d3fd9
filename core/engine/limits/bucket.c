#include "engine/limits/bucket.h"

#define SLACK_MOST_S 5

/* Seconds in which one token comes back. */
static int64_t refill(const struct job_limit *l)
{
	return (l->seconds + l->most - 1) / l->most;
}

/* What we send may travel faster than what we sent before, and our seconds are whole: an empty bucket gives a token that
 * much later. */
static int64_t slack(const struct job_limit *l)
{
	int64_t part = 1 + refill(l) / 16;

	return part < SLACK_MOST_S ? part : SLACK_MOST_S;
}

/* A clock that was set back, or another limit than then: no more than an empty bucket. */
static int64_t bounded(const struct job_limit *l, int64_t full_at, int64_t now)
{
	int64_t most = now + refill(l) * l->most + slack(l);

	return full_at > most ? most : full_at;
}

int64_t bucket_free_at(const struct job_limit *l, int64_t full_at, unsigned reserve, int64_t now)
{
	unsigned usable = reserve < l->most ? l->most - reserve : 1;
	int64_t at = bounded(l, full_at, now) - refill(l) * (usable - 1);

	return at > now ? at : now;
}

int64_t bucket_take(const struct job_limit *l, int64_t full_at, int64_t now)
{
	int64_t empty = now + refill(l) * (l->most - 1);

	full_at = bounded(l, full_at, now);
	full_at = (full_at > now ? full_at : now) + refill(l);
	return full_at > empty ? full_at + slack(l) : full_at;
}
