#include "engine/journal/rows.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>

#include "common/db.h"
#include "common/mem.h"
#include "engine/journal/turn.h"

static bool rows_run(struct turn *t, bool (*fn)(void *, struct db_row *), void *arg, const char *sql,
                     const char *types, va_list ap)
{
	struct db *d = turn_db(t);
	struct err e;

	if (!d)
		return false;
	if (db_vrun(d, &e, fn, arg, sql, types, ap))
		return true;
	turn_fail(t, e.text);
	return false;
}

void rows_change(struct turn *t, const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	rows_run(t, NULL, NULL, sql, types, ap);
	va_end(ap);
}

void rows_each(struct turn *t, bool (*fn)(void *arg, struct db_row *r), void *arg, const char *sql,
               const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	rows_run(t, fn, arg, sql, types, ap);
	va_end(ap);
}

int64_t rows_insert(struct turn *t, const char *sql, const char *types, ...)
{
	va_list ap;

	va_start(ap, types);
	bool ok = rows_run(t, NULL, NULL, sql, types, ap);
	va_end(ap);
	return ok ? db_last_id(turn_db(t)) : 0;
}

static bool rows_first(void *arg, struct db_row *r)
{
	*(int64_t *)arg = db_int(r, 0);
	return false;
}

int64_t rows_number(struct turn *t, const char *sql, const char *types, ...)
{
	int64_t n = 0;
	va_list ap;

	va_start(ap, types);
	rows_run(t, rows_first, &n, sql, types, ap);
	va_end(ap);
	return n;
}

static bool rows_first_text(void *arg, struct db_row *r)
{
	*(char **)arg = xstrdup(db_text(r, 0));
	return false;
}

char *rows_text(struct turn *t, const char *sql, const char *types, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, types);
	rows_run(t, rows_first_text, &text, sql, types, ap);
	va_end(ap);
	return text;
}

char *rows_list(const struct strs *texts)
{
	json_t *list = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(list, json_string(texts->at[i]));
	char *text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text ? text : xstrdup("[]");
}
