#include "engine/journal/ca_waits.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define LONGEST_S (8 * 86400) /* more than any Retry-After is heeded: a clock that was set back */

static bool about_is_of_ca(const char *about)
{
	return strcmp(about, ABOUT_CA) == 0 || strcmp(about, ABOUT_NONCES) == 0 ||
	       strcmp(about, ABOUT_ADVICE) == 0;
}

static const char *holder(const struct ca_wait_of *of, const char *about)
{
	return about_is_of_ca(about) ? of->directory : of->account;
}

/* The second in which it ends is waited for too, since rows know no fractions. */
void ca_wait_store(struct turn *t, const struct ca_wait_of *of, const char *about, uint64_t ms)
{
	rows_change(t,
	            "INSERT INTO backoff(ca_account,name,failures,not_before,class)"
	            " VALUES(?,'later '||?,1,?,'later') ON CONFLICT(ca_account,name) DO UPDATE SET"
	            " failures=failures+1, not_before=excluded.not_before",
	            "ssi", holder(of, about), about, turn_wall(t) + (int64_t)((ms + 999) / 1000) + 1);
}

static int64_t until(struct turn *t, const char *holder, const char *about)
{
	int64_t now = turn_wall(t);

	return rows_number(t,
	                   "SELECT not_before FROM backoff WHERE ca_account=? AND name='later '||?"
	                   " AND not_before BETWEEN ? AND ?",
	                   "ssii", holder, about, now + 1, now + LONGEST_S);
}

static int64_t until_sets_end(struct turn *t, const char *account)
{
	int64_t now = turn_wall(t);

	return rows_number(t,
	                   "SELECT CASE WHEN count(*)>=" CA_WAIT_SETS_MEAN_ALL
	                   " THEN min(not_before) ELSE 0 END"
	                   " FROM backoff WHERE ca_account=? AND name LIKE 'later [%'"
	                   " AND not_before BETWEEN ? AND ?",
	                   "sii", account, now + 1, now + LONGEST_S);
}

/* The names are a JSON list; the range is that of all that begins like that. */
#define WAITS_OF_DOMAINS                                                                                     \
	" FROM (SELECT substr(name,14) AS domain, not_before FROM backoff WHERE ca_account=?1"               \
	" AND name>'later domain ' AND name<'later domain!' AND not_before BETWEEN ?3 AND ?4)"               \
	" WHERE EXISTS (SELECT 1 FROM json_each(?2)"                                                         \
	" WHERE value=domain OR substr(value,-length(domain)-1)='.'||domain)"

static int64_t until_domains_end(struct turn *t, const char *account, const char *names)
{
	int64_t now = turn_wall(t);

	return rows_number(t, "SELECT max(not_before)" WAITS_OF_DOMAINS, "ssii", account, names, now + 1,
	                   now + LONGEST_S);
}

char *ca_wait_domain(struct turn *t, const char *account, const char *names)
{
	int64_t now = turn_wall(t);

	return rows_text(t, "SELECT domain" WAITS_OF_DOMAINS " ORDER BY not_before DESC, domain", "ssii",
	                 account, names, now + 1, now + LONGEST_S);
}

uint64_t ca_wait_left_ms(struct turn *t, const struct ca_wait_of *of, const char *about)
{
	const int64_t ends[] = {
	    until(t, of->directory, ABOUT_CA),
	    about_is_of_ca(about) ? 0 : until(t, of->account, ABOUT_ACCOUNT),
	    until(t, holder(of, about), about),
	    *about == '[' ? until_sets_end(t, of->account) : 0,
	    *about == '[' ? until_domains_end(t, of->account, about) : 0,
	};
	int64_t left = 0;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i] - turn_wall(t) > left)
			left = ends[i] - turn_wall(t);
	return (uint64_t)left * 1000;
}

void ca_wait_over(struct turn *t, const char *account, const char *names)
{
	rows_change(t,
	            "DELETE FROM backoff WHERE ca_account=?1 AND name IN ('later '||?2, 'later " ABOUT_ORDER
	            "'||?2)",
	            "ss", account, names);
}
