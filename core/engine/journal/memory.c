#include "engine/journal/memory.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define EVENTS_MOST "10000"

char *ca_account_kid(struct turn *t, const char *account)
{
	return rows_text(t, "SELECT kid FROM ca_accounts WHERE name=?", "s", account);
}

void ca_account_store(struct turn *t, const char *account, const char *directory, const char *kid)
{
	rows_change(t, "INSERT OR REPLACE INTO ca_accounts(name,directory,kid) VALUES(?,?,?)", "sss", account,
	            directory, kid);
}

unsigned spread_learned_ms(struct turn *t, const char *zone)
{
	return (unsigned)rows_number(t, "SELECT ms FROM spread_times WHERE zone=?", "s", zone);
}

/* An exponential mean, so that one slow day is forgotten after a few quick ones. */
void spread_learn(struct turn *t, const char *zone, unsigned ms)
{
	rows_change(t,
	            "INSERT INTO spread_times(zone,ms) VALUES(?,?)"
	            " ON CONFLICT(zone) DO UPDATE SET ms=(ms*3+excluded.ms)/4",
	            "si", zone, (int64_t)ms);
}

void event_store(struct turn *t, const char *run, const char *cert, const char *event, const char *detail)
{
	rows_change(t, "INSERT INTO events(at,run,cert,event,detail) VALUES(?,?,?,?,?)", "issss",
	            turn_wall(t), run, cert, event, detail);
}

void events_prune(struct turn *t)
{
	rows_change(t, "DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - " EVENTS_MOST, "");
}
