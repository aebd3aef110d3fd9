/* Row changes inside the turn's transaction; a failure fails the turn. */
#pragma once

#include <stdint.h>

#include "common/db.h"
#include "common/str.h"

struct turn;

/* `types` and values as in db.h. On a broken turn nothing happens. */
void rows_change(struct turn *t, const char *sql, const char *types, ...);
/* Calls fn for each row until it returns false. */
void rows_each(struct turn *t, bool (*fn)(void *arg, struct db_row *r), void *arg, const char *sql,
               const char *types, ...);
int64_t rows_insert(struct turn *t, const char *sql, const char *types, ...); /* the new id, or 0 */
int64_t rows_number(struct turn *t, const char *sql, const char *types, ...); /* first column, or 0 */
char *rows_text(struct turn *t, const char *sql, const char *types, ...);     /* new, or NULL */

/* A JSON array of texts, for json_each(). New string. */
char *rows_list(const struct strs *texts);
