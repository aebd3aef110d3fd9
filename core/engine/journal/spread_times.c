#include "engine/journal/spread_times.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

unsigned spread_learned_ms(struct turn *t, const char *zone)
{
	return (unsigned)rows_number(t, "SELECT ms FROM spread_times WHERE zone=?", "s", zone);
}

/* In the same table: no zone has a blank in its name. */
static char *resolver_key(const char *zone)
{
	return xasprintf("resolver %s", zone);
}

unsigned spread_resolver_ms(struct turn *t, const char *zone)
{
	char *key = resolver_key(zone);
	unsigned ms = spread_learned_ms(t, key);

	free(key);
	return ms;
}

void spread_resolver_store(struct turn *t, const char *zone, unsigned ms)
{
	char *key = resolver_key(zone);

	rows_change(t, "INSERT OR REPLACE INTO spread_times(zone,ms,seen) VALUES(?,?,?)", "sii", key,
	            (int64_t)ms, turn_wall(t));
	free(key);
}

/* An exponential mean, so that one slow day is forgotten after a few quick ones. */
void spread_learn(struct turn *t, const char *zone, unsigned ms)
{
	rows_change(t,
	            "INSERT INTO spread_times(zone,ms,seen) VALUES(?,?,?)"
	            " ON CONFLICT(zone) DO UPDATE SET ms=(ms*3+excluded.ms)/4, seen=excluded.seen",
	            "sii", zone, (int64_t)ms, turn_wall(t));
}
