#include "common/db.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"

#define BUSY_MS      10000 /* another process writes */
#define BUSY_TOLD_MS 1000
#define BUSY_STEP_MS 25

struct prepared {
	const char *sql; /* callers' literals: their address is the key, borrowed for ever */
	sqlite3_stmt *statement;
	bool in_use;
	struct prepared *next;
};

struct db {
	sqlite3 *handle;
	struct prepared *prepared;
};

struct db_row {
	sqlite3_stmt *statement;
};

/* What to do about it; "" where the words of SQLite say enough. */
static const char *db_advice(int code)
{
	switch (code) {
	case SQLITE_FULL:
		return "; make room on this file system";
	case SQLITE_BUSY:
		return "; another process keeps it locked: end that one (fuser shows which it is)";
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return "; it is damaged: put back a copy, or move it away. Keys and certificates are not in "
		       "it, but "
		       "which TXT records are still to be removed is";
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return "; look at owner and mode of this file and of its folder";
	default:
		return "";
	}
}

static bool db_failed(struct db *d, struct err *e, const char *doing)
{
	int code = sqlite3_errcode(d->handle);
	/* SQLite calls it "locking protocol" when reading the lock file fails again and again. */
	const char *words = code == SQLITE_PROTOCOL ? "disk I/O error" : sqlite3_errmsg(d->handle);

	return err_set(e, "%s: %s: %s%s", sqlite3_db_filename(d->handle, "main"), doing, words,
	               db_advice(code));
}

/* A transaction of another process is short; one that is not is told, and is no reason to hang. */
static int db_wait(void *arg, int tries)
{
	const struct db *d = arg;
	const struct timespec step = {0, BUSY_STEP_MS * 1000000L};

	if (tries == BUSY_TOLD_MS / BUSY_STEP_MS)
		log_warn("%s: another process is writing; waiting for up to %d s",
		         sqlite3_db_filename(d->handle, "main"), BUSY_MS / 1000);
	if (tries >= BUSY_MS / BUSY_STEP_MS)
		return 0;
	nanosleep(&step, NULL);
	return 1;
}

/* Before there is a busy handler: of several processes that make a file theirs at once each has what another waits for, so
 * SQLite calls none here. */
static bool db_use_wal(struct db *d, struct err *e)
{
	int tries = 0;

	while (sqlite3_exec(d->handle, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) != SQLITE_OK)
		if (sqlite3_errcode(d->handle) != SQLITE_BUSY || !db_wait(d, tries++))
			return db_failed(d, e, "cannot run a statement");
	return true;
}

struct db *db_open(const char *path, struct err *e)
{
	struct db *d = xcalloc(1, sizeof(*d));
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* SQLite would use 0644 */

	if (fd >= 0)
		close(fd);
	int r = sqlite3_open_v2(path, &d->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
	if (r != SQLITE_OK) {
		err_set(e, "%s: cannot open: %s", path, sqlite3_errstr(r));
		db_close(d);
		return NULL;
	}
	if (db_use_wal(d, e) && sqlite3_busy_handler(d->handle, db_wait, d) == SQLITE_OK &&
	    db_script(d, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;", e))
		return d;
	db_close(d);
	return NULL;
}

/* As a URI, which it is opened by when no file may be made beside it. */
static char *db_unchanging(const char *path)
{
	struct buf b;

	buf_init(&b, 0);
	buf_add_str(&b, "file:");
	for (const char *c = path; *c; c++)
		buf_printf(&b, strchr("%?#", *c) ? "%%%02X" : "%c", (unsigned char)*c);
	buf_add_str(&b, "?immutable=1");
	return buf_take(&b);
}

static bool db_reads(struct db *d, const char *name, int flags)
{
	sqlite3_close(d->handle);
	return sqlite3_open_v2(name, &d->handle, flags, NULL) == SQLITE_OK &&
	       sqlite3_busy_handler(d->handle, db_wait, d) == SQLITE_OK &&
	       sqlite3_exec(
	           d->handle,
	           "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; SELECT count(*) FROM sqlite_master",
	           NULL, NULL, NULL) == SQLITE_OK;
}

struct db *db_open_to_read(const char *path, struct err *e)
{
	struct db *d = xcalloc(1, sizeof(*d));
	char *unchanging = db_unchanging(path), *wal = xasprintf("%s-wal", path);
	/* Not by SQLITE_OPEN_READONLY, which would leave files behind. */
	bool ok = db_reads(d, path, SQLITE_OPEN_READWRITE);
	int code = ok ? SQLITE_OK : sqlite3_errcode(d->handle);

	if ((code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && access(path, R_OK) == 0 &&
	    access(wal, F_OK) != 0)
		ok = db_reads(d, unchanging, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	free(unchanging);
	free(wal);
	if (ok)
		return d;
	err_set(e, "%s: cannot be read: %s%s", path, sqlite3_errmsg(d->handle),
	        db_advice(sqlite3_errcode(d->handle)));
	db_close(d);
	return NULL;
}

void db_close(struct db *d)
{
	if (!d)
		return;
	for (struct prepared *p = d->prepared, *next; p; p = next) {
		next = p->next;
		sqlite3_finalize(p->statement);
		free(p);
	}
	sqlite3_close(d->handle);
	free(d);
}

bool db_script(struct db *d, const char *sql, struct err *e)
{
	return sqlite3_exec(d->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
	       db_failed(d, e, "cannot run a statement");
}

static struct prepared *db_prepare(struct db *d, const char *sql, struct err *e)
{
	for (struct prepared *p = d->prepared; p; p = p->next)
		if (!p->in_use && (p->sql == sql || strcmp(p->sql, sql) == 0)) {
			p->in_use = true;
			return p;
		}

	sqlite3_stmt *statement;
	if (sqlite3_prepare_v3(d->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) !=
	    SQLITE_OK) {
		db_failed(d, e, "cannot prepare a statement");
		return NULL;
	}
	struct prepared *p = xcalloc(1, sizeof(*p));
	*p = (struct prepared){.sql = sql, .statement = statement, .in_use = true, .next = d->prepared};
	d->prepared = p;
	return p;
}

static void db_release(struct prepared *p)
{
	sqlite3_reset(p->statement);
	sqlite3_clear_bindings(p->statement);
	p->in_use = false;
}

static void db_bind(sqlite3_stmt *s, const char *types, va_list ap)
{
	for (int i = 0; types[i]; i++) {
		if (types[i] == 's') {
			const char *text = va_arg(ap, const char *);
			if (text)
				sqlite3_bind_text(s, i + 1, text, -1, SQLITE_TRANSIENT);
		} else if (types[i] == 'i') {
			sqlite3_bind_int64(s, i + 1, va_arg(ap, int64_t));
		} else {
			log_fatal(70, "db: bad type letter '%c'", types[i]);
		}
	}
}

bool db_vrun(struct db *d, struct err *e, bool (*fn)(void *, struct db_row *), void *arg, const char *sql,
             const char *types, va_list ap)
{
	struct prepared *p = db_prepare(d, sql, e);
	int r;

	if (!p)
		return false;
	db_bind(p->statement, types, ap);
	struct db_row row = {p->statement};
	while ((r = sqlite3_step(p->statement)) == SQLITE_ROW)
		if (fn && !fn(arg, &row)) {
			r = SQLITE_DONE;
			break;
		}
	bool ok = r == SQLITE_DONE || db_failed(d, e, "cannot read or write");
	db_release(p);
	return ok;
}

bool db_run(struct db *d, struct err *e, const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = db_vrun(d, e, NULL, NULL, sql, types, ap);
	va_end(ap);
	return ok;
}

bool db_each(struct db *d, struct err *e, bool (*fn)(void *, struct db_row *), void *arg, const char *sql,
             const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = db_vrun(d, e, fn, arg, sql, types, ap);
	va_end(ap);
	return ok;
}

const char *db_text(struct db_row *r, int column)
{
	return (const char *)sqlite3_column_text(r->statement, column);
}

int64_t db_int(struct db_row *r, int column)
{
	return sqlite3_column_int64(r->statement, column);
}

int64_t db_last_id(struct db *d)
{
	return sqlite3_last_insert_rowid(d->handle);
}

int64_t db_changes(struct db *d)
{
	return sqlite3_changes(d->handle);
}

bool db_begin(struct db *d, struct err *e)
{
	return db_run(d, e, "BEGIN IMMEDIATE", "");
}

bool db_commit(struct db *d, struct err *e)
{
	if (db_run(d, e, "COMMIT", ""))
		return true;
	db_rollback(d);
	return false;
}

void db_rollback(struct db *d)
{
	if (db_in_transaction(d))
		db_run(d, NULL, "ROLLBACK", "");
}

bool db_in_transaction(const struct db *d)
{
	return !sqlite3_get_autocommit(d->handle);
}
