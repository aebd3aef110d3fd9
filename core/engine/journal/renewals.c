#include "engine/journal/renewals.h"

#include <stddef.h>

#define HOUR 3600

struct each {
	void (*renewal)(void *arg, const struct renewal *r);
	void (*cert)(void *arg, const char *cert);
	void *arg;
};

static bool read_renewal(void *arg, struct db_row *row)
{
	const struct each *each = arg;
	const struct renewal r = {
	    .ca_account = db_text(row, 0),
	    .from = db_int(row, 1),
	    .earliest = db_int(row, 2),
	    .since = db_int(row, 3),
	};

	each->renewal(each->arg, &r);
	return true;
}

bool renewals_each(struct db *d, int64_t now, void (*fn)(void *arg, const struct renewal *r), void *arg,
                   struct err *e)
{
	struct each each = {.renewal = fn, .arg = arg};

	return db_each(d, e, read_renewal, &each,
	               "SELECT ca_account, renewed_from, earliest, not_before FROM certificates"
	               " WHERE gone=0 AND renews=1 AND renewed_from>? ORDER BY ca_account, renewed_from",
	               "i", now - HOUR);
}

static bool read_cert(void *arg, struct db_row *row)
{
	const struct each *each = arg;

	each->cert(each->arg, db_text(row, 0));
	return true;
}

bool renewals_each_early(struct db *d, const char *ca_account, int64_t now, int64_t most,
                         void (*fn)(void *arg, const char *cert), void *arg, struct err *e)
{
	struct each each = {.cert = fn, .arg = arg};

	return db_each(d, e, read_cert, &each,
	               "SELECT cert FROM certificates c WHERE gone=0 AND renews=1 AND ca_account=?"
	               " AND renewed_from>? AND earliest<=? AND look_at>?"
	               " AND NOT EXISTS (SELECT 1 FROM backoff b WHERE b.ca_account=c.ca_account"
	               " AND b.name='failed ' || c.cert) ORDER BY renewed_from LIMIT ?",
	               "siiii", ca_account, now, now, now, most);
}

static bool read_yes(void *arg, struct db_row *r)
{
	*(bool *)arg = db_int(r, 0) != 0;
	return false;
}

bool renewals_were_looked_at(struct db *d, int64_t since, bool *looked, struct err *e)
{
	*looked = false;
	return db_each(d, e, read_yes, looked, "SELECT count(*) FROM runs WHERE whole=1 AND started>=?", "i",
	               since);
}
