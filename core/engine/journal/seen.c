#include "engine/journal/seen.h"

#include "engine/journal/rows.h"

#define KEPT_S 86400 /* no cache holds longer */

void seen_store(struct turn *t, const char *directory, const char *owner, int64_t now, unsigned ttl)
{
	rows_change(t, "DELETE FROM seen WHERE at<?", "i", now - KEPT_S);
	rows_change(t, "INSERT OR REPLACE INTO seen(directory,owner,at,ttl) VALUES(?,?,?,?)", "ssii",
	            directory, owner, now, (int64_t)ttl);
}

int64_t seen_until(struct turn *t, const char *directory, const char *owner, unsigned cache_s)
{
	return rows_number(t, "SELECT at+min(ttl,?) FROM seen WHERE directory=? AND owner=?", "iss",
	                   (int64_t)cache_s, directory, owner);
}
