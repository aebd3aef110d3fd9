#include "engine/journal/ca_failures.h"

#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

/* In the table backoff, of class "ca"; not_before: when the last one was. */
unsigned ca_failures(struct turn *t, const char *ca_account, const char *cert, const char *depends)
{
	return (unsigned)rows_number(
	    t, "SELECT failures FROM backoff WHERE ca_account=? AND name='of ca '||? AND depends=?", "sss",
	    ca_account, cert, depends);
}

void ca_failures_add(struct turn *t, const char *ca_account, const char *cert, const char *depends)
{
	rows_change(t,
	            "INSERT INTO backoff(ca_account,name,failures,not_before,class,depends)"
	            " VALUES(?,'of ca '||?,1,?,'ca',?) ON CONFLICT(ca_account,name) DO UPDATE SET"
	            " failures=CASE WHEN depends=excluded.depends THEN failures+1 ELSE 1 END,"
	            " not_before=excluded.not_before, depends=excluded.depends",
	            "ssis", ca_account, cert, turn_wall(t), depends);
}

void ca_failures_over(struct turn *t, const char *ca_account, const char *cert)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account=? AND name='of ca '||?", "ss", ca_account, cert);
}
