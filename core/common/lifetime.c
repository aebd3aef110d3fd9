#include "common/lifetime.h"

#include "common/fnv.h"

#define DAY        86400
#define SHORT_S    (10 * DAY) /* below it half of the lifetime is the limit, else a third */
#define URGENT_S   (7 * DAY)
#define RENEWAL_S  (120 * DAY)
#define SPREAD_OUT 60 /* the part of the lifetime over which machines are spread */

bool lifetime_is_short(int64_t since, int64_t until)
{
	return until - since < SHORT_S;
}

int64_t lifetime_renewal(int64_t since, int64_t until, uint64_t seed)
{
	int64_t life = until - since;

	return until - life / (lifetime_is_short(since, until) ? 2 : 3) -
	       lifetime_share(seed, life / SPREAD_OUT);
}

int64_t lifetime_earliest(int64_t since, int64_t until, int64_t from)
{
	return from - (until - since) / 6;
}

int64_t lifetime_urgent(int64_t since, int64_t until)
{
	int64_t sixth = (until - since) / 6;

	return until - (sixth < URGENT_S ? sixth : URGENT_S);
}

bool lifetime_renews(int64_t since, int64_t now)
{
	return now - since < RENEWAL_S;
}

static uint64_t hash_on(uint64_t h, const char *text)
{
	for (; *text; text++)
		h = fnv_octet(h, (unsigned char)*text);
	return fnv_octet(h, 0);
}

uint64_t lifetime_seed(const char *machine, const char *id, const char *more)
{
	return fnv_mixed(hash_on(hash_on(hash_on(FNV_START, machine), id), more ? more : ""));
}

int64_t lifetime_share(uint64_t seed, int64_t n)
{
	return n < 1 ? 0 : (int64_t)(seed % (uint64_t)n);
}
