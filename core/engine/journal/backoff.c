#include "engine/journal/backoff.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/ca_waits.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"

#define FREED_MOST                                                                                           \
	"2" /* failures of a certificate, after which another's success says nothing of it any more */

/* A row's name says what it is about: "later ..." (ca_waits.h), "of ca CERTIFICATE" (ca_failures.h), "of names CERTIFICATE" (names_failures.h), "second NAMES", "failed CERTIFICATE", or (of no CA account)
 * "rests ACCOUNT". Failures are a certificate's, not its names': two for the same names may depend on different
 * things, and each would make the other's pause void. */
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
	rows_change(t,
	            "INSERT OR REPLACE INTO backoff(ca_account,name,failures,not_before,class)"
	            " VALUES(?,'second '||?,1,0,'second')",
	            "ss", ca_account, names);
}

static bool backoff_read(void *arg, struct db_row *r)
{
	struct backoff_row *row = arg;

	*row = (struct backoff_row){
	    .failures = (unsigned)db_int(r, 0),
	    .pause_s = (unsigned)db_int(r, 1),
	    .not_before = db_int(r, 2),
	};
	return false;
}

void backoff_failures(struct turn *t, const char *ca_account, const char *cert, const char *depends,
                      struct backoff_row *row)
{
	char *name = xasprintf("failed %s", cert);

	rows_each(t, backoff_read, row,
	          "SELECT failures,pause,not_before FROM backoff WHERE ca_account=? AND name=? AND depends=?",
	          "sss", ca_account, name, depends);
	free(name);
}

bool backoff_has_failed(struct turn *t, const char *ca_account, const char *cert)
{
	return rows_number(t, "SELECT count(*) FROM backoff WHERE ca_account=? AND name='failed '||?", "ss",
	                   ca_account, cert) > 0;
}

void backoff_failed(struct turn *t, const char *ca_account, const char *cert, const char *depends,
                    const struct backoff_row *row, const char *class, const char *cause)
{
	char *name = xasprintf("failed %s", cert);

	rows_change(t,
	            "INSERT OR REPLACE INTO backoff(ca_account,name,failures,not_before,class,pause,depends,"
	            "cause) VALUES(?,?,?,?,?,?,?,?)",
	            "ssiisiss", ca_account, name, (int64_t)row->failures, row->not_before, class,
	            (int64_t)row->pause_s, depends, cause);
	free(name);
}

void backoff_clear(struct turn *t, const char *ca_account, const char *cert)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account=? AND name='failed '||?", "ss", ca_account,
	            cert);
}

void backoff_forget(struct turn *t, const char *cert)
{
	rows_change(t, "DELETE FROM backoff WHERE name IN ('failed '||?1, 'of ca '||?1, 'of names '||?1)",
	            "s", cert);
}

void backoff_over(struct turn *t, const char *ca_account, const char *cert, const char *names)
{
	backoff_clear(t, ca_account, cert);
	rows_change(t, "DELETE FROM backoff WHERE ca_account=? AND name='second '||?", "ss", ca_account,
	            names);
	ca_wait_over(t, ca_account, names);
}

void backoff_account_rests(struct turn *t, const char *account)
{
	rows_change(t,
	            "INSERT OR REPLACE INTO backoff(ca_account,name,failures,not_before,class)"
	            " VALUES('','rests '||?,0,?,'rests')",
	            "si", account, turn_wall(t));
}

void backoff_account_works(struct turn *t, const char *account)
{
	rows_change(t, "DELETE FROM backoff WHERE ca_account='' AND name='rests '||?", "s", account);
	rows_change(t, "UPDATE backoff SET not_before=? WHERE cause=? AND failures<=" FREED_MOST, "is",
	            turn_wall(t), account);
}

bool backoff_account_rested(struct turn *t, const char *account)
{
	return rows_number(t, "SELECT count(*) FROM backoff WHERE ca_account='' AND name='rests '||?", "s",
	                   account) > 0;
}
