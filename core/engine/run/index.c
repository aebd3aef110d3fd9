#include "engine/run/index.h"

#include <stdlib.h>

#include "common/db.h"
#include "common/mem.h"
#include "engine/journal/handover.h"
#include "engine/journal/schema.h"
#include "engine/peers/launcher.h"
#include "engine/run/levelling.h"

struct index {
	struct world *e;
	struct db *db; /* NULL: the run will tell why it cannot be opened */
	bool begun, failed;
};

static void fail(struct index *x, const struct err *e)
{
	x->failed = true;
	launcher_event(x->e->launcher, EVENT_ERROR, "journal", NULL,
	               "the index of certificates cannot be used: %s; the next run tries again", e->text);
}

static void add(void *arg, const char *cert)
{
	strs_add(arg, cert);
}

static void check(void *arg, const char *cert, const char *stamp)
{
	struct index *x = arg;

	launcher_check(x->e->launcher, cert, stamp);
	strs_add(&x->e->job->checked, cert);
}

static void ask_for_due(struct index *x)
{
	struct strs due = {0};
	int64_t now = loop_wall(x->e->loop);
	struct err e;

	if (x->db &&
	    !(handover_count(x->db, &x->e->job->listed, &e) && handover_each_due(x->db, now, add, &due, &e) &&
	      handover_each_unverified(x->db, now, check, x, &e) &&
	      levelling_choose(x->db, now, &x->e->job->early, &e)))
		fail(x, &e);
	for (size_t i = 0; i < x->e->job->early.n; i++)
		if (!strs_has(&due, x->e->job->early.at[i])) /* a row a key type */
			strs_add(&due, x->e->job->early.at[i]);
	launcher_need_certs(x->e->launcher, &due);
	strs_free(&due);
}

struct index *index_new(struct world *e)
{
	struct index *x = xcalloc(1, sizeof(*x));
	bool person, known = true;
	struct err err;

	x->e = e;
	x->db = journal_open(e->job->state, &person, &err);
	if (x->db && !handover_is_known(x->db, e->job->index, &known, &err))
		fail(x, &err);
	if (known)
		ask_for_due(x);
	else
		launcher_need_index(e->launcher);
	return x;
}

void index_free(struct index *x)
{
	if (!x)
		return;
	db_close(x->db);
	free(x);
}

/* After a failure the rest is only read. */
static bool take(struct index *x, const json_t *rows, struct err *e)
{
	if (!x->begun && !handover_begin(x->db, e))
		return false;
	x->begun = true;
	return json_array_size(rows) ? handover_take(x->db, rows, e)
	                             : handover_end(x->db, x->e->job->index, loop_wall(x->e->loop), e);
}

void index_take(struct index *x, const json_t *rows)
{
	struct err e;

	if (x->db && !x->failed && !take(x, rows, &e)) {
		fail(x, &e);
		db_rollback(x->db);
	}
	if (!json_array_size(rows))
		ask_for_due(x);
}

bool index_failed(const struct index *x)
{
	return x->failed;
}
