#include "common/bucket.h"

#include <inttypes.h>

#include "common/fnv.h"
#include "common/mem.h"

#define SLACK_MOST_S 5
#define RESERVE_PART 10

/* Seconds in which one token comes back. */
static int64_t refill(const struct bucket_limit *l)
{
	return (l->seconds + l->most - 1) / l->most;
}

/* What we send may travel faster than what we sent before, and our seconds are whole: an empty bucket gives a token that
 * much later. */
static int64_t slack(const struct bucket_limit *l)
{
	int64_t part = 1 + refill(l) / 16;

	return part < SLACK_MOST_S ? part : SLACK_MOST_S;
}

/* A clock that was set back, or another limit than then: no more than an empty bucket. */
static int64_t bounded(const struct bucket_limit *l, int64_t full_at, int64_t now)
{
	int64_t most = now + refill(l) * l->most + slack(l);

	return full_at > most ? most : full_at;
}

static unsigned usable(const struct bucket_limit *l, unsigned reserve)
{
	return reserve < l->most ? l->most - reserve : 1;
}

int64_t bucket_free_at(const struct bucket_limit *l, int64_t full_at, unsigned reserve, int64_t now)
{
	int64_t at = bounded(l, full_at, now) - refill(l) * (usable(l, reserve) - 1);

	return at > now ? at : now;
}

unsigned bucket_left(const struct bucket_limit *l, int64_t full_at, unsigned reserve, int64_t now)
{
	int64_t fills = bounded(l, full_at, now) - now, all = usable(l, reserve);
	int64_t taken = fills > 0 ? (fills + refill(l) - 1) / refill(l) : 0;

	return taken < all ? (unsigned)(all - taken) : 0;
}

int64_t bucket_take(const struct bucket_limit *l, int64_t full_at, int64_t now)
{
	int64_t empty = now + refill(l) * (l->most - 1);

	full_at = bounded(l, full_at, now);
	full_at = (full_at > now ? full_at : now) + refill(l);
	return full_at > empty ? full_at + slack(l) : full_at;
}

unsigned bucket_reserve(const struct bucket_limit *l)
{
	return l->most / RESERVE_PART;
}

char *bucket_limit_text(const struct bucket_limit *l, const char *what)
{
	static const struct {
		unsigned seconds;
		const char *one, *many;
	} units[] = {{86400, "day", "days"},
	             {3600, "hour", "hours"},
	             {60, "minute", "minutes"},
	             {1, "second", "seconds"}};
	size_t u = 0;

	while (l->seconds % units[u].seconds)
		u++;
	unsigned n = l->seconds / units[u].seconds;
	return n == 1 ? xasprintf("%u %s in one %s", l->most, what, units[u].one)
	              : xasprintf("%u %s in %u %s", l->most, what, n, units[u].many);
}

char *bucket_of_set(const struct strs *names)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < names->n; i++)
		hash += fnv_mixed(fnv64(names->at[i]));
	return xasprintf(BUCKET_SET "%016" PRIx64, hash);
}

char *bucket_of_failures(const char *name)
{
	return xasprintf(BUCKET_FAILURES "%s", str_starts(name, "*.") ? name + 2 : name);
}
