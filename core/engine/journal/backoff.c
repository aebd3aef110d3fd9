#include "engine/journal/backoff.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/rows.h"

#define SETS_MEAN_ALL                                                                                        \
	"3" /* sets of names that were told to wait, until it is taken for the account's limit */

/* A row's name says what it is about: "later NAMES" or "second NAMES". */
static void backoff_store(struct turn *t, const char *ca_account, const char *what, const char *names,
                          int64_t not_before)
{
	char *name = xasprintf("%s %s", what, names);

	rows_change(t,
	            "INSERT INTO backoff(ca_account,name,failures,not_before,class) VALUES(?,?,1,?,?)"
	            " ON CONFLICT(ca_account,name) DO UPDATE SET failures=failures+1,"
	            " not_before=excluded.not_before",
	            "ssis", ca_account, name, not_before, what);
	free(name);
}

void backoff_ca_later(struct turn *t, const char *ca_account, const char *names, int64_t not_before)
{
	backoff_store(t, ca_account, "later", names, not_before);
}

int64_t backoff_ca_until(struct turn *t, const char *ca_account, const char *names, int64_t now)
{
	char *name = xasprintf("later %s", names);
	int64_t own = rows_number(t,
	                          "SELECT max(not_before) FROM backoff WHERE ca_account=? AND class='later'"
	                          " AND not_before>? AND name IN (?,'later ')",
	                          "sis", ca_account, now, name);
	int64_t all =
	    rows_number(t,
	                "SELECT CASE WHEN count(*)>=" SETS_MEAN_ALL " THEN min(not_before) ELSE 0 END"
	                " FROM backoff WHERE ca_account=? AND class='later' AND not_before>?",
	                "si", ca_account, now);

	free(name);
	return own > all ? own : all;
}

bool backoff_second_tried(struct turn *t, const char *ca_account, const char *names)
{
	char *name = xasprintf("second %s", names);
	int64_t n = rows_number(t, "SELECT count(*) FROM backoff WHERE ca_account=? AND name=?", "ss",
	                        ca_account, name);

	free(name);
	return n > 0;
}

void backoff_second_try(struct turn *t, const char *ca_account, const char *names)
{
	backoff_store(t, ca_account, "second", names, 0);
}

void backoff_over(struct turn *t, const char *ca_account, const char *names)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account=?1 AND name IN ('later '||?2, 'second '||?2)",
	            "ss", ca_account, names);
}
