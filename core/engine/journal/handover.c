#include "engine/journal/handover.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

#define RUNS_A_WEEK "168"
#define SLICE_LEAST "20" /* of few certificates each run compares all */

static bool read_yes(void *arg, struct db_row *r)
{
	*(bool *)arg = db_int(r, 0) != 0;
	return false;
}

bool handover_is_known(struct db *d, const char *digest, bool *known, struct err *e)
{
	*known = false;
	return db_each(d, e, read_yes, known, "SELECT count(*) FROM handed_over WHERE digest=?", "s", digest);
}

/* A table of this connection alone: the transaction takes no lock that another run would wait for. */
bool handover_begin(struct db *d, struct err *e)
{
	return db_script(d,
	                 "PRAGMA temp_store=MEMORY;"
	                 "CREATE TEMP TABLE handed(cert TEXT NOT NULL, key_type TEXT NOT NULL,"
	                 " names TEXT NOT NULL, ca_account TEXT NOT NULL, dns_accounts TEXT NOT NULL,"
	                 " wanted TEXT NOT NULL, configured INTEGER NOT NULL, renews INTEGER NOT NULL,"
	                 " PRIMARY KEY(cert, key_type)) WITHOUT ROWID;"
	                 "BEGIN",
	                 e);
}

/* ID, key type, names, CA account, DNS accounts, digest of what is wanted, configured, renews */
static bool take_row(struct db *d, const json_t *row, struct err *e)
{
	char *copy = json_is_string(row) ? xstrdup(json_string_value(row)) : NULL, *rest = copy, *text[8];
	size_t n = 0;

	while (rest && n < 8)
		text[n++] = strsep(&rest, "\t");
	bool ok = n == 8 && !rest;
	if (ok)
		ok = db_run(d, e, "INSERT OR REPLACE INTO temp.handed VALUES(?,?,?,?,?,?,?,?)", "ssssssii",
		            text[0], text[1], text[2], text[3], text[4], text[5],
		            (int64_t)(text[6][0] == '1'), (int64_t)(text[7][0] == '1'));
	else
		err_set(e, "a row of the index is not what it should be");
	free(copy);
	return ok;
}

bool handover_take(struct db *d, const json_t *rows, struct err *e)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (!take_row(d, row, e))
			return false;
	}
	return true;
}

static bool read_count(void *arg, struct db_row *r)
{
	*(size_t *)arg = (size_t)db_int(r, 0);
	return false;
}

bool handover_count(struct db *d, size_t *n, struct err *e)
{
	return db_each(d, e, read_count, n, "SELECT count(*) FROM certificates WHERE gone=0", "");
}

static bool merge(struct db *d, int64_t now, struct err *e)
{
	return db_run(
	           d, e,
	           "INSERT INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,configured,"
	           "renews) SELECT * FROM temp.handed WHERE true"
	           " ON CONFLICT(cert,key_type) DO UPDATE SET names=excluded.names,"
	           " ca_account=excluded.ca_account, dns_accounts=excluded.dns_accounts,"
	           " wanted=excluded.wanted, configured=excluded.configured, renews=excluded.renews, gone=0,"
	           " look_at=CASE WHEN wanted<>excluded.wanted OR gone<>0 THEN 0 ELSE look_at END"
	           " WHERE wanted<>excluded.wanted OR ca_account<>excluded.ca_account"
	           " OR dns_accounts<>excluded.dns_accounts OR configured<>excluded.configured"
	           " OR renews<>excluded.renews OR gone<>0",
	           "") &&
	       db_run(
	           d, e,
	           "UPDATE certificates SET gone=? WHERE gone=0 AND NOT EXISTS (SELECT 1 FROM temp.handed h"
	           " WHERE h.cert=certificates.cert AND h.key_type=certificates.key_type)",
	           "i", now);
}

bool handover_end(struct db *d, const char *digest, int64_t now, struct err *e)
{
	bool ok = merge(d, now, e) && db_run(d, e, "DELETE FROM handed_over", "") &&
	          db_run(d, e, "INSERT INTO handed_over VALUES(?)", "s", digest) &&
	          db_run(d, e, "DROP TABLE temp.handed", "") && db_commit(d, e);

	if (!ok)
		db_rollback(d);
	return ok;
}

struct reader {
	void (*fn)(void *arg, const char *cert);
	void *arg;
};

static bool read_cert(void *arg, struct db_row *r)
{
	const struct reader *reader = arg;

	reader->fn(reader->arg, db_text(r, 0));
	return true;
}

bool handover_each_due(struct db *d, int64_t now, void (*fn)(void *arg, const char *cert), void *arg,
                       struct err *e)
{
	struct reader reader = {fn, arg};

	return db_each(
	    d, e, read_cert, &reader,
	    "SELECT cert FROM (SELECT cert, min(look_at) AS at FROM certificates"
	    " WHERE gone=0 AND renews=1 AND look_at<=? GROUP BY cert ORDER BY at, cert)"
	    " UNION ALL SELECT DISTINCT cert FROM orders WHERE state IN "
	    "('wanted','open','finalized','issued')"
	    " AND cert NOT IN (SELECT cert FROM certificates WHERE gone=0 AND renews=1 AND look_at<=?)",
	    "ii", now, now);
}

struct slice {
	void (*fn)(void *arg, const char *cert, const char *stamp);
	void *arg;
};

static bool read_slice(void *arg, struct db_row *r)
{
	const struct slice *slice = arg;

	slice->fn(slice->arg, db_text(r, 0), db_text(r, 1));
	return true;
}

bool handover_each_unverified(struct db *d, int64_t now,
                              void (*fn)(void *arg, const char *cert, const char *stamp), void *arg,
                              struct err *e)
{
	struct slice slice = {fn, arg};

	return db_each(d, e, read_slice, &slice,
	               "SELECT cert, stamp FROM certificates WHERE gone=0 AND stamp IS NOT NULL AND look_at>?"
	               " ORDER BY verified LIMIT (SELECT count(*)/" RUNS_A_WEEK "+" SLICE_LEAST
	               " FROM certificates WHERE gone=0)",
	               "i", now);
}
