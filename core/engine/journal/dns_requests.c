#include "engine/journal/dns_requests.h"

#include <limits.h>

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define KEPT_S 60

static void add_now(struct turn *t, const char *dns_account, int64_t n)
{
	rows_change(t,
	            "INSERT INTO dns_requests(dns_account,at,n) VALUES(?,?,?)"
	            " ON CONFLICT(dns_account,at) DO UPDATE SET n=n+excluded.n",
	            "sii", dns_account, turn_wall(t), n);
}

/* Else they would count until the clock is there again. */
static void clamp(struct turn *t, const char *dns_account)
{
	int64_t now = turn_wall(t);
	int64_t ahead = rows_number(t, "SELECT sum(n) FROM dns_requests WHERE dns_account=? AND at>?", "si",
	                            dns_account, now);

	if (!ahead)
		return;
	rows_change(t, "DELETE FROM dns_requests WHERE dns_account=? AND at>?", "si", dns_account, now);
	add_now(t, dns_account, ahead);
}

void dns_requests_store(struct turn *t, const char *dns_account, unsigned n)
{
	rows_change(t, "DELETE FROM dns_requests WHERE at<?", "i", turn_wall(t) - KEPT_S);
	add_now(t, dns_account, n);
}

struct each {
	int64_t now;
	void (*fn)(void *to, unsigned age_s, unsigned n);
	void *to;
};

static bool each_row(void *arg, struct db_row *r)
{
	const struct each *e = arg;
	int64_t n = db_int(r, 1);

	e->fn(e->to, (unsigned)(e->now - db_int(r, 0)), n > INT_MAX ? INT_MAX : (unsigned)n);
	return true;
}

void dns_requests_each(struct turn *t, const char *dns_account,
                       void (*fn)(void *to, unsigned age_s, unsigned n), void *to)
{
	struct each e = {turn_wall(t), fn, to};

	clamp(t, dns_account);
	rows_each(t, each_row, &e, "SELECT at,n FROM dns_requests WHERE dns_account=? AND at BETWEEN ? AND ?",
	          "sii", dns_account, e.now - KEPT_S, e.now);
}
