#include "engine/journal/schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"

static const char *const migrations[] = {
    /* Times are seconds since 1970. */
    "CREATE TABLE runs(id TEXT PRIMARY KEY, started INTEGER NOT NULL, ended INTEGER);"
    "CREATE TABLE claims(cert TEXT PRIMARY KEY, run TEXT NOT NULL);"
    "CREATE TABLE ca_accounts(name TEXT PRIMARY KEY, directory TEXT NOT NULL, kid TEXT NOT NULL);"
    "CREATE TABLE orders(id INTEGER PRIMARY KEY, run TEXT NOT NULL, tag TEXT NOT NULL UNIQUE,"
    " cert TEXT NOT NULL, ca_account TEXT NOT NULL, names TEXT NOT NULL, key_type TEXT NOT NULL,"
    " state TEXT NOT NULL, url TEXT, error TEXT, created INTEGER NOT NULL, expires INTEGER NOT NULL);"
    "CREATE INDEX orders_open ON orders(state) WHERE state IN ('wanted','open','finalized','issued');"
    "CREATE TABLE intents(id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, run TEXT NOT NULL,"
    " name TEXT NOT NULL, dns_account TEXT NOT NULL, zone TEXT NOT NULL, owner TEXT NOT NULL,"
    " value TEXT NOT NULL, ttl INTEGER NOT NULL, handle TEXT, state TEXT NOT NULL,"
    " settled_after INTEGER NOT NULL);"
    "CREATE INDEX intents_owed ON intents(owner, value) WHERE state <> 'gone';"
    "CREATE TABLE challenge_posts(url TEXT PRIMARY KEY, order_id INTEGER NOT NULL, n INTEGER NOT NULL);"
    "CREATE TABLE spread_times(zone TEXT PRIMARY KEY, ms INTEGER NOT NULL);"
    "CREATE TABLE events(id INTEGER PRIMARY KEY, at INTEGER NOT NULL, run TEXT NOT NULL, cert TEXT,"
    " event TEXT NOT NULL, detail TEXT NOT NULL);"
    "CREATE INDEX events_cert ON events(cert, id);",

    "CREATE TABLE backoff(ca_account TEXT NOT NULL, name TEXT NOT NULL, failures INTEGER NOT NULL,"
    " not_before INTEGER NOT NULL, class TEXT NOT NULL, PRIMARY KEY(ca_account, name));"
    "CREATE TABLE ledger(ca_account TEXT NOT NULL, bucket TEXT NOT NULL, at INTEGER NOT NULL);"
    "CREATE INDEX ledger_bucket ON ledger(ca_account, bucket, at);"
    "CREATE TABLE ari(cert TEXT PRIMARY KEY, cert_id TEXT NOT NULL, window_start INTEGER NOT NULL,"
    " window_end INTEGER NOT NULL, chosen INTEGER NOT NULL, ask_after INTEGER NOT NULL);",

    /* Where an issued certificate is got from; what pruning and adoption look for. */
    "ALTER TABLE orders ADD COLUMN certificate TEXT;"
    "CREATE INDEX orders_cert ON orders(cert, id);"
    "CREATE INDEX intents_order ON intents(order_id);"
    "CREATE INDEX challenge_posts_order ON challenge_posts(order_id);"
    "CREATE INDEX runs_open ON runs(id) WHERE ended IS NULL;",

    /* What the caches of a CA's resolver may still hold. */
    "CREATE TABLE seen(directory TEXT NOT NULL, owner TEXT NOT NULL, at INTEGER NOT NULL,"
    " ttl INTEGER NOT NULL, PRIMARY KEY(directory, owner));",

    /* Age, for pruning. */
    "CREATE INDEX events_at ON events(at);"
    "ALTER TABLE spread_times ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;"
    "UPDATE spread_times SET seen=strftime('%s','now');",

    /* The requests of the last minute, by second. */
    "CREATE TABLE dns_requests(dns_account TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL,"
    " PRIMARY KEY(dns_account, at)) WITHOUT ROWID;",

    /* Whom to ask whether a value is gone: the settings of its certificate. */
    "ALTER TABLE intents ADD COLUMN resolution TEXT;",

    /* Who may be asked whether a value is gone. */
    "ALTER TABLE intents ADD COLUMN recursive INTEGER NOT NULL DEFAULT 0;",

    /* Failures back off; what makes that void. */
    "ALTER TABLE backoff ADD COLUMN pause INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE backoff ADD COLUMN depends TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE backoff ADD COLUMN cause TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX backoff_cause ON backoff(cause) WHERE cause<>'';",

    /* Neither was used before. A question's answer is kept; a bucket is a moment (limits/ledger.h). */
    "DROP TABLE ari;"
    "CREATE TABLE ari(cert TEXT PRIMARY KEY, cert_id TEXT NOT NULL, window_start INTEGER NOT NULL,"
    " window_end INTEGER NOT NULL, chosen INTEGER NOT NULL, ask_after INTEGER NOT NULL,"
    " failed INTEGER NOT NULL, explained INTEGER NOT NULL, heeded_at INTEGER NOT NULL,"
    " heeded INTEGER NOT NULL) WITHOUT ROWID;"
    "DROP TABLE ledger;"
    "CREATE TABLE ledger(ca_account TEXT NOT NULL, bucket TEXT NOT NULL, full_at INTEGER NOT NULL,"
    " PRIMARY KEY(ca_account, bucket)) WITHOUT ROWID;",

    /* The index of certificates: what is wanted, what is published, when to look again. gone: since when it is not
     * listed any more. */
    "CREATE TABLE certificates(cert TEXT NOT NULL, key_type TEXT NOT NULL, names TEXT NOT NULL,"
    " ca_account TEXT NOT NULL, dns_accounts TEXT NOT NULL, wanted TEXT NOT NULL,"
    " configured INTEGER NOT NULL, renews INTEGER NOT NULL, gone INTEGER NOT NULL DEFAULT 0,"
    " generation TEXT, stamp TEXT, serial TEXT, directory TEXT, ari TEXT, published TEXT,"
    " not_before INTEGER NOT NULL DEFAULT 0, not_after INTEGER NOT NULL DEFAULT 0,"
    " look_at INTEGER NOT NULL DEFAULT 0, verified INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(cert, key_type)) WITHOUT ROWID;"
    "CREATE INDEX certificates_look ON certificates(look_at) WHERE gone=0 AND renews=1;"
    "CREATE INDEX certificates_verified ON certificates(verified) WHERE gone=0;"
    "CREATE INDEX certificates_gone ON certificates(gone) WHERE gone<>0;"
    "CREATE TABLE handed_over(digest TEXT NOT NULL);",

    /* whole: a `renew` of everything that came to its end. */
    "ALTER TABLE runs ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;",

    /* From when on it is renewed, and how much earlier it may be when too many come due at once; as good as can be
     * known until each is looked at. */
    "ALTER TABLE certificates ADD COLUMN renewed_from INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE certificates ADD COLUMN earliest INTEGER NOT NULL DEFAULT 0;"
    "UPDATE certificates SET renewed_from=not_after-(not_after-not_before)/3,"
    " earliest=not_after-(not_after-not_before)/2 WHERE not_after-not_before>864000;"
    "CREATE INDEX certificates_renewed ON certificates(ca_account, renewed_from, earliest, not_before)"
    " WHERE gone=0 AND renews=1;",

    /* What the published one was asked for with. */
    "ALTER TABLE certificates ADD COLUMN profile TEXT;",

    /* Of two key types each has its own advice; place: 0 = of the first. */
    "ALTER TABLE ari RENAME TO ari_of_one;"
    "CREATE TABLE ari(cert TEXT NOT NULL, place INTEGER NOT NULL, cert_id TEXT NOT NULL,"
    " window_start INTEGER NOT NULL, window_end INTEGER NOT NULL, chosen INTEGER NOT NULL,"
    " ask_after INTEGER NOT NULL, failed INTEGER NOT NULL, explained INTEGER NOT NULL,"
    " heeded_at INTEGER NOT NULL, heeded INTEGER NOT NULL, PRIMARY KEY(cert, place)) WITHOUT ROWID;"
    "INSERT INTO ari SELECT cert, 0, cert_id, window_start, window_end, chosen, ask_after, failed, explained,"
    " heeded_at, heeded FROM ari_of_one;"
    "DROP TABLE ari_of_one;",
};

int journal_version(void)
{
	return sizeof(migrations) / sizeof(migrations[0]);
}

const char *journal_migration(int n)
{
	return migrations[n];
}

static bool read_number(void *arg, struct db_row *r)
{
	*(int *)arg = (int)db_int(r, 0);
	return false;
}

static bool journal_read_version(struct db *d, int *version, struct err *e)
{
	*version = 0;
	return db_each(d, e, read_number, version, "PRAGMA user_version", "");
}

static bool journal_copy(struct db *d, const char *path, int version, struct err *e)
{
	char *copy = xasprintf("%s.v%d", path, version);

	unlink(copy); /* of a migration that was interrupted before */
	bool ok = db_run(d, e, "VACUUM INTO ?", "s", copy);
	free(copy);
	return ok;
}

static bool journal_apply(struct db *d, int from, struct err *e)
{
	char pragma[64];

	if (!db_begin(d, e))
		return false;
	/* Another run may have migrated while we waited for the lock. */
	if (!journal_read_version(d, &from, e))
		goto undo;
	for (int v = from; v < journal_version(); v++)
		if (!db_script(d, migrations[v], e))
			goto undo;
	snprintf(pragma, sizeof(pragma), "PRAGMA user_version=%d", journal_version());
	if (!db_script(d, pragma, e))
		goto undo;
	return db_commit(d, e);
undo:
	db_rollback(d);
	return false;
}

static bool journal_migrate(struct db *d, const char *path, bool *person, struct err *e)
{
	int version;

	if (!journal_read_version(d, &version, e))
		return false;
	*person = version > journal_version();
	if (*person)
		return err_set(e,
		               "%s: written by a newer dnsproof (schema %d, this one knows %d); "
		               "install that version again",
		               path, version, journal_version());
	if (version == journal_version())
		return true;
	if (version > 0 && !journal_copy(d, path, version, e))
		return err_prefix(e, "cannot copy before the migration");
	return journal_apply(d, version, e);
}

/* Who may write it decides what is removed from DNS, so it must be ours alone. */
static bool journal_is_ours(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT || err_set(e, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, "%s: is not a plain file (a symbolic link?); put the file itself there",
		               path);
	if (st.st_mode & 022)
		return err_set(e,
		               "%s: can be written by others; after a look at what they wrote: chmod 600 %s",
		               path, path);
	return true;
}

struct db *journal_open(const char *state, bool *person, struct err *e)
{
	char *path = xasprintf("%s/state.db", state);
	struct db *d = NULL;

	*person = !journal_is_ours(path, e);
	if (!*person)
		d = db_open(path, e);
	if (d && !journal_migrate(d, path, person, e)) {
		db_close(d);
		d = NULL;
	}
	free(path);
	return d;
}

static bool journal_fits(struct db *d, const char *path, struct err *e)
{
	int version;

	if (!journal_read_version(d, &version, e) || version == journal_version())
		return version == journal_version();
	return err_set(e, "%s: written by %s dnsproof (schema %d, this one knows %d); %s", path,
	               version > journal_version() ? "a newer" : "an older", version, journal_version(),
	               version > journal_version() ? "install that version again"
	                                           : "the next dnsproof renew brings it up to date");
}

struct db *journal_open_to_read(const char *state, struct err *e)
{
	char *path = xasprintf("%s/state.db", state);
	struct stat st;
	struct db *d = NULL;

	err_set(e, "%s", "");
	if (lstat(path, &st) != 0 && errno != ENOENT)
		err_set(e, "%s: %s", path, strerror(errno));
	else if (access(path, F_OK) == 0 && journal_is_ours(path, e))
		d = db_open_to_read(path, e);
	if (d && !journal_fits(d, path, e)) {
		db_close(d);
		d = NULL;
	}
	free(path);
	return d;
}
