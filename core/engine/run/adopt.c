#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/rows.h"
#include "engine/journal/turn.h"
#include "engine/run/parts.h"

/* What was taken over from dead runs. */
struct adoption {
	struct run *run;
	struct txt **txt; /* sorted by order; NULL once given to a certificate */
	size_t txts;
	struct order_row *row;
	size_t rows;
};

static void collect_value(void *arg, const struct intent *i)
{
	struct adoption *a = arg;

	a->txt = xgrow(a->txt, a->txts, sizeof(*a->txt));
	a->txt[a->txts++] = txt_new(&a->run->e->txt_world, i);
}

static void collect_order(void *arg, const struct order_row *o)
{
	struct adoption *a = arg;

	a->row = xgrow(a->row, a->rows, sizeof(*a->row));
	order_row_copy(&a->row[a->rows++], o);
}

static int cert_compare(const void *id, const void *cert)
{
	return strcmp(id, (*(struct run_cert *const *)cert)->cert->id);
}

struct run_cert *run_cert_of(const struct run *r, const char *id)
{
	struct run_cert **at =
	    r->certs ? bsearch(id, r->by_id, r->certs, sizeof(*r->by_id), cert_compare) : NULL;

	return at ? *at : NULL;
}

/* What can go on with this very order, if it has not begun. */
static struct run_key *adopter(const struct run *r, const struct order_row *row)
{
	struct run_cert *c = run_cert_of(r, row->cert);
	struct run_key *k = NULL;

	for (size_t i = 0; c && i < c->keys; i++)
		if (strcmp(row->key_type, c->key[i].type) == 0)
			k = &c->key[i];
	if (!k || r->e->job->dry_run || !row->url || k->resumed.id || c->state == CERT_BUSY ||
	    c->state == CERT_ENDED || strcmp(row->ca_account, c->ca) != 0)
		return NULL;
	char *names = rows_list(&c->cert->names);
	bool same = strcmp(row->names, names) == 0;
	free(names);
	return same ? k : NULL;
}

/* The first value of this order or a later one. */
static size_t adoption_find(const struct adoption *a, int64_t order)
{
	size_t low = 0, high = a->txts;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (txt_intent(a->txt[mid])->order < order)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void adoption_give(struct adoption *a, struct run_key *k, const struct order_row *row)
{
	size_t from = adoption_find(a, row->id), to = adoption_find(a, row->id + 1);

	order_row_copy(&k->resumed, row);
	if (from == to) /* an order that had not added anything yet */
		return;
	k->lefts = to - from;
	k->left = xcalloc(k->lefts, sizeof(struct txt *));
	memcpy(k->left, a->txt + from, k->lefts * sizeof(struct txt *));
	memmove(a->txt + from, a->txt + to, (a->txts - to) * sizeof(struct txt *));
	a->txts -= k->lefts;
}

void run_adopt(struct run *r)
{
	struct world *e = r->e;
	const struct strs *alive = run_alive(r);
	struct adoption a = {.run = r};

	if (!alive)
		return;
	r->adopted_at = loop_now(e->loop);
	intent_adopt(e->turn, e->job->run, alive, collect_value, &a);
	order_row_adopt(e->turn, e->job->run, alive, collect_order, &a);
	for (size_t i = 0; i < a.rows; i++) {
		struct run_key *k = adopter(r, &a.row[i]);
		if (k)
			adoption_give(&a, k, &a.row[i]);
	}
	run_remove(r, a.txt, a.txts, a.row, e->job->clean ? a.rows : 0);
	for (size_t i = 0; i < a.rows; i++)
		order_row_clear(&a.row[i]);
	free(a.row);
}

static void leftovers_done(void *arg, size_t removed, size_t owed)
{
	struct run *r = arg;

	if (owed)
		run_note(r, EXIT_OWED);
	if (r->e->job->clean) {
		char *left = owed ? xasprintf("%zu left", owed) : xstrdup("none left");
		launcher_event(
		    r->e->launcher, EVENT_INFO, "cleaned",
		    json_pack("{s:I, s:I}", "removed", (json_int_t)removed, "owed", (json_int_t)owed),
		    removed || owed ? "%zu TXT record%s removed, %s" : "nothing to remove", removed,
		    removed == 1 ? "" : "s", left);
		free(left);
	}
	run_one_less(r);
}

void run_remove(struct run *r, struct txt **txt, size_t n, const struct order_row *rows, size_t nrows)
{
	if (!n && !nrows && !r->e->job->clean) {
		free(txt);
		return;
	}
	r->busy++;
	r->leftovers = xgrow(r->leftovers, r->nleftovers, sizeof(struct leftovers *));
	r->leftovers[r->nleftovers++] = leftovers_new(r->e, txt, n, rows, nrows, leftovers_done, r);
}
