#include "config.h"

#include "engine/pool/linger.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

struct pool_linger_side {
	unsigned announced;
	unsigned awaited; /* of those that were announced when the first change came */
	uint64_t until;   /* 0 = none has come */
};

struct pool_linger_zone {
	char *zone;
	struct pool_linger_side side[2]; /* removals, additions */
	struct pool_linger_zone *next;
};

static struct pool_linger_zone **place_of(struct pool_linger *l, const char *zone)
{
	struct pool_linger_zone **at = &l->first;

	while (*at && strcmp((*at)->zone, zone) != 0)
		at = &(*at)->next;
	return at;
}

static void zone_free(struct pool_linger_zone *z)
{
	free(z->zone);
	free(z);
}

void pool_linger_clear(struct pool_linger *l)
{
	struct pool_linger_zone *z;

	while ((z = l->first)) {
		l->first = z->next;
		zone_free(z);
	}
}

void pool_linger_announce(struct pool_linger *l, const char *zone, bool add)
{
	struct pool_linger_zone *z = *place_of(l, zone);

	if (!z) {
		z = xcalloc(1, sizeof(*z));
		z->zone = xstrdup(zone);
		z->next = l->first;
		l->first = z;
	}
	z->side[add].announced++;
}

bool pool_linger_withdraw(struct pool_linger *l, const char *zone, bool add)
{
	struct pool_linger_zone **at = place_of(l, zone), *z = *at;
	struct pool_linger_side *side = z ? &z->side[add] : NULL;
	bool over;

	if (!side || !side->announced)
		return false;
	side->announced--;
	over = side->awaited && !--side->awaited;
	if (!z->side[0].announced && !z->side[1].announced) {
		*at = z->next;
		zone_free(z);
	}
	return over;
}

void pool_linger_came(struct pool_linger *l, const char *zone, bool add, uint64_t now)
{
	struct pool_linger_zone *z = *place_of(l, zone);
	struct pool_linger_side *side = z ? &z->side[add] : NULL;

	if (!side || side->until)
		return;
	side->until = now + POOL_LINGER_MS;
	side->awaited = side->announced;
}

void pool_linger_went(struct pool_linger *l, const char *zone)
{
	struct pool_linger_zone *z = *place_of(l, zone);

	for (size_t i = 0; z && i < 2; i++)
		z->side[i] = (struct pool_linger_side){.announced = z->side[i].announced};
}

uint64_t pool_linger_until(const struct pool_linger *l, const char *zone, bool add)
{
	const struct pool_linger_zone *z = *place_of((struct pool_linger *)l, zone);

	return z && z->side[add].awaited ? z->side[add].until : 0;
}
