#include "engine/journal/names_failures.h"

#include <string.h>

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

static bool read_row(void *arg, struct db_row *r)
{
	const char *cause = db_text(r, 2);

	*(struct names_failures *)arg = (struct names_failures){
	    .since = db_int(r, 0),
	    .look_at = db_int(r, 0) + db_int(r, 1),
	    .zones = cause && strcmp(cause, "zones") == 0,
	};
	return false;
}

/* In the table backoff, of no CA account and class "names"; not_before: when the first was, from which on pause counts to
 * the last of them, or to the next look. */
struct names_failures names_failures(struct turn *t, const char *cert, const char *depends)
{
	struct names_failures found = {0};

	rows_each(t, read_row, &found,
	          "SELECT not_before,pause,cause FROM backoff WHERE ca_account='' AND name='of names '||?"
	          " AND depends=?",
	          "ss", cert, depends);
	return found;
}

void names_failures_add(struct turn *t, const char *cert, const char *depends, bool zones)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account='' AND name='of names '||? AND depends<>?", "ss",
	            cert, depends);
	rows_change(t,
	            "INSERT INTO backoff(ca_account,name,failures,not_before,class,depends,cause)"
	            " VALUES('','of names '||?,1,?,'names',?,?) ON CONFLICT(ca_account,name) DO UPDATE SET"
	            " failures=failures+1, pause=excluded.not_before-not_before, cause=excluded.cause",
	            "siss", cert, turn_wall(t), depends, zones ? "zones" : "");
}

void names_failures_over(struct turn *t, const char *cert)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account='' AND name='of names '||?", "s", cert);
}

void names_failures_look(struct turn *t, const char *cert, int64_t at)
{
	rows_change(t, "UPDATE backoff SET pause=?-not_before WHERE ca_account='' AND name='of names '||?",
	            "is", at, cert);
}
