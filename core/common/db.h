/* SQLite, thinly: WAL, synchronous=FULL, a wait of 10 s for other writers, prepared statements kept by their text. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/err.h"

struct db;
struct db_row; /* a statement that stands on a row */

struct db *db_open(const char *path, struct err *e); /* makes the file (0600) if absent */
/* For one that only reads: nothing is written, and the file must be there. A file of another user that nobody has open is read
 * as it stands. */
struct db *db_open_to_read(const char *path, struct err *e);
void db_close(struct db *d); /* NULL allowed; rolls back what is open */

/* Runs SQL text that may hold several statements and takes no values. */
bool db_script(struct db *d, const char *sql, struct err *e);

/* Runs one statement. `types` names a value each: 's' const char * (NULL = null), 'i' int64_t,
 * e.g. db_run(d, &e, "update t set a=? where id=?", "si", text, (int64_t)3). */
bool db_run(struct db *d, struct err *e, const char *sql, const char *types, ...);

/* Calls fn for each row until it returns false. False only on a database error. */
bool db_each(struct db *d, struct err *e, bool (*fn)(void *arg, struct db_row *r), void *arg, const char *sql,
             const char *types, ...);
/* The same with a va_list; fn may be NULL. */
bool db_vrun(struct db *d, struct err *e, bool (*fn)(void *arg, struct db_row *r), void *arg, const char *sql,
             const char *types, va_list ap);
const char *db_text(struct db_row *r, int column); /* borrowed until fn returns; NULL = null */
int64_t db_int(struct db_row *r, int column);

int64_t db_last_id(struct db *d); /* rowid of the last insert */
int64_t db_changes(struct db *d); /* rows changed by the last statement */

bool db_begin(struct db *d, struct err *e);  /* BEGIN IMMEDIATE */
bool db_commit(struct db *d, struct err *e); /* on failure the transaction is rolled back */
void db_rollback(struct db *d);
bool db_in_transaction(const struct db *d);
