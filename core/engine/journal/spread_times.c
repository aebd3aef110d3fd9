#include "engine/journal/spread_times.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

unsigned spread_learned_ms(struct turn *t, const char *zone)
{
	return (unsigned)rows_number(t, "SELECT ms FROM spread_times WHERE zone=?", "s", zone);
}

/* An exponential mean, so that one slow day is forgotten after a few quick ones. */
void spread_learn(struct turn *t, const char *zone, unsigned ms)
{
	rows_change(t,
	            "INSERT INTO spread_times(zone,ms,seen) VALUES(?,?,?)"
	            " ON CONFLICT(zone) DO UPDATE SET ms=(ms*3+excluded.ms)/4, seen=excluded.seen",
	            "sii", zone, (int64_t)ms, turn_wall(t));
}
