#include "engine/journal/account_names.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

static void change(struct turn *t, const char *const *sql, size_t n, const char *from, const char *to)
{
	for (size_t i = 0; i < n; i++)
		rows_change(t, sql[i], "ss", from, to);
}

void ca_account_rename(struct turn *t, const char *from, const char *to, bool keep)
{
	static const char *const copy[] = {
	    "INSERT OR IGNORE INTO ca_accounts(name,directory,kid)"
	    " SELECT ?2,directory,kid FROM ca_accounts WHERE name=?1",
	    "INSERT INTO ledger(ca_account,bucket,full_at) SELECT ?2,bucket,full_at FROM ledger WHERE "
	    "ca_account=?1"
	    " ON CONFLICT(ca_account,bucket) DO UPDATE SET full_at=max(full_at,excluded.full_at)",
	    "INSERT INTO backoff(ca_account,name,failures,not_before,class,pause,depends,cause)"
	    " SELECT ?2,name,failures,not_before,class,pause,depends,cause FROM backoff WHERE ca_account=?1"
	    " ON CONFLICT(ca_account,name) DO UPDATE SET failures=excluded.failures,"
	    " not_before=excluded.not_before,class=excluded.class,pause=excluded.pause,"
	    " depends=excluded.depends,cause=excluded.cause WHERE excluded.not_before>backoff.not_before",
	};
	static const char *const move[] = {
	    "UPDATE orders SET ca_account=?2 WHERE ca_account=?1",
	    "UPDATE certificates SET ca_account=?2 WHERE ca_account=?1",
	    "UPDATE OR REPLACE backoff SET name='rests ca '||?2 WHERE ca_account='' AND name='rests ca '||?1",
	    "UPDATE backoff SET cause='ca '||?2 WHERE cause='ca '||?1",
	};
	static const char *const drop[] = {
	    "DELETE FROM ca_accounts WHERE name=?1 AND ?2<>?1",
	    "DELETE FROM ledger WHERE ca_account=?1 AND ?2<>?1",
	    "DELETE FROM backoff WHERE ca_account=?1 AND ?2<>?1",
	};

	change(t, copy, sizeof(copy) / sizeof(copy[0]), from, to);
	if (keep)
		return;
	change(t, move, sizeof(move) / sizeof(move[0]), from, to);
	change(t, drop, sizeof(drop) / sizeof(drop[0]), from, to);
}

void dns_account_rename(struct turn *t, const char *from, const char *to)
{
	static const char *const move[] = {
	    "UPDATE intents SET dns_account=?2 WHERE dns_account=?1",
	    "INSERT INTO dns_requests(dns_account,at,n) SELECT ?2,at,n FROM dns_requests WHERE dns_account=?1"
	    " ON CONFLICT(dns_account,at) DO UPDATE SET n=n+excluded.n",
	    "DELETE FROM dns_requests WHERE dns_account=?1 AND ?2<>?1",
	    "UPDATE OR REPLACE backoff SET name='rests dns '||?2 WHERE ca_account='' AND name='rests dns "
	    "'||?1",
	    "UPDATE backoff SET cause='dns '||?2 WHERE cause='dns '||?1",
	    "UPDATE certificates SET dns_accounts=trim(replace(' '||dns_accounts||' ',' '||?1||' ',' "
	    "'||?2||' '))"
	    " WHERE instr(' '||dns_accounts||' ',' '||?1||' ')>0",
	};

	change(t, move, sizeof(move) / sizeof(move[0]), from, to);
}
