#include "engine/run/run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/peers/launcher.h"
#include "engine/run/leftovers.h"
#include "engine/order/order.h"
#include "engine/pool/pool.h"
#include "engine/journal/rows.h"
#include "engine/journal/runs.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_CONFIG = 2,
	EXIT_NOT_DUE = 3,
	EXIT_CLAIMED = 4,
	EXIT_OWED = 5,
};

#define CLAIM_AGAIN_MS 200
#define LIFE_SHORT_S   (10 * 86400) /* below it half of the lifetime is the limit, else a third */

/* A certificate of the job. */
struct run_cert {
	struct run *run;
	const struct job_cert *cert;
	struct keeper_call *look;
	struct loop_timer *claim_again;
	uint64_t claim_until;
	struct order_row resumed; /* id 0: none */
	struct order *order;
	bool ended;
};

struct run {
	struct world *e;
	struct run_cert *cert;
	size_t certs;
	struct txt **txt; /* owed by dead runs, not given to an order yet */
	size_t txts;
	struct order_row *row; /* unfinished orders of dead runs */
	size_t rows;
	struct leftovers *leftovers;
	size_t busy; /* certificates and leftovers not done */
	int code;
	bool winding_down;
	struct loop_timer *end;
	void (*fn)(void *arg, int code);
	void *arg;
};

/* The gravest outcome of a run's parts is its exit code. */
static void run_note(struct run *r, int code)
{
	static const int rank[] = {
	    [EXIT_DONE] = 0,    [EXIT_NOT_DUE] = 1, [EXIT_OWED] = 2,
	    [EXIT_CLAIMED] = 3, [EXIT_FAILED] = 4,  [EXIT_CONFIG] = 5,
	};

	if (rank[code] > rank[r->code])
		r->code = code;
}

static void run_ended(void *arg)
{
	struct run *r = arg;

	r->fn(r->arg, r->code);
}

static void run_one_less(struct run *r)
{
	if (--r->busy)
		return;
	run_end(r->e->turn, r->e->job->run);
	loop_timer_set(r->end, 0);
}

static void cert_end(struct run_cert *c, int code)
{
	if (c->ended)
		return;
	c->ended = true;
	run_note(c->run, code);
	run_one_less(c->run);
}

static void cert_event(struct run_cert *c, enum event_level level, const char *event, const char *text)
{
	launcher_event(c->run->e->launcher, level, event, json_pack("{s:s}", "cert", c->cert->id), "%s: %s",
	               c->cert->id, text);
}

static void cert_ordered(void *arg, struct order *o, enum order_end end)
{
	struct run_cert *c = arg;

	(void)o;
	cert_end(c, end == ORDER_DONE        ? EXIT_DONE
	            : end == ORDER_DONE_OWED ? EXIT_OWED
	            : end == ORDER_NOT_DONE  ? EXIT_FAILED
	                                     : EXIT_CONFIG);
}

static struct txt **run_take_values(struct run *r, int64_t order, size_t *n)
{
	struct txt **taken = xcalloc(r->txts ? r->txts : 1, sizeof(*taken));
	size_t kept = 0;

	*n = 0;
	for (size_t i = 0; i < r->txts; i++) {
		if (txt_intent(r->txt[i])->order == order)
			taken[(*n)++] = r->txt[i];
		else
			r->txt[kept++] = r->txt[i];
	}
	r->txts = kept;
	return taken;
}

static void cert_order(struct run_cert *c)
{
	struct run *r = c->run;
	struct err err;
	size_t lefts = 0;
	struct txt **left = NULL;
	struct ca_account *account = world_ca_account(r->e, c->cert->ca, &err);

	if (!account) {
		cert_event(c, EVENT_ERROR, "failed", err.text);
		cert_end(c, EXIT_CONFIG);
		return;
	}
	if (c->resumed.id)
		left = run_take_values(r, c->resumed.id, &lefts);
	c->order = order_new(r->e, c->cert, account, c->resumed.id ? &c->resumed : NULL, left, lefts,
	                     cert_ordered, c);
}

static bool names_equal(const json_t *list, const struct strs *names)
{
	size_t i;
	const json_t *v;

	if (json_array_size(list) != names->n)
		return false;
	json_array_foreach(list, i,
	                   v) if (!json_is_string(v) || !strs_has(names, json_string_value(v))) return false;
	return true;
}

static bool cert_is_due(const struct run_cert *c, const json_t *current)
{
	int64_t from = json_integer_value(json_object_get(current, "not_before"));
	int64_t to = json_integer_value(json_object_get(current, "not_after"));
	const char *type = json_string_value(json_object_get(current, "type"));
	int64_t life = to - from;

	if (!to || !type || strcmp(type, c->cert->key) != 0 ||
	    !names_equal(json_object_get(current, "names"), &c->cert->names))
		return true;
	return to - loop_wall(c->run->e->loop) < life / (life < LIFE_SHORT_S ? 2 : 3);
}

static void run_start_leftovers(struct run *r);

static void cert_go_on(struct run_cert *c)
{
	if (c->run->winding_down)
		cert_end(c, EXIT_FAILED);
	else
		cert_order(c);
}

static void cert_looked_at(void *arg, const json_t *answer, const char *error)
{
	struct run_cert *c = arg;
	char text[128];

	c->look = NULL;
	if (error) {
		cert_event(c, EVENT_ERROR, "failed", error);
		cert_end(c, EXIT_FAILED);
	} else if (c->cert->force || c->resumed.id || cert_is_due(c, answer)) {
		cert_go_on(c);
	} else {
		time_t until = (time_t)json_integer_value(json_object_get(answer, "not_after"));
		strftime(text, sizeof(text),
		         "a certificate is there, valid until %Y-%m-%d; --force gets another",
		         gmtime(&until));
		cert_event(c, EVENT_INFO, "not-due", text);
		cert_end(c, EXIT_NOT_DUE);
	}
	run_start_leftovers(c->run);
}

/* The unfinished order of a dead run that is for the very same thing. */
static void cert_find_resumable(struct run_cert *c)
{
	char *names = rows_list(&c->cert->names);

	for (size_t i = 0; i < c->run->rows && !c->resumed.id; i++) {
		const struct order_row *row = &c->run->row[i];
		if (row->url && strcmp(row->cert, c->cert->id) == 0 && strcmp(row->names, names) == 0 &&
		    strcmp(row->ca_account, c->cert->ca) == 0 && strcmp(row->key_type, c->cert->key) == 0)
			order_row_copy(&c->resumed, row);
	}
	free(names);
}

static void cert_claimed(struct run_cert *c)
{
	struct world *e = c->run->e;

	cert_find_resumable(c);
	c->look = keeper_send(e->keeper, json_pack("{s:s, s:s}", "op", "current", "cert", c->cert->id),
	                      cert_looked_at, c);
}

/* Work on provider hosts and delegations begins while the keeper looks. */
static void cert_warm(struct run_cert *c)
{
	for (size_t i = 0; i < c->cert->dns.n; i++)
		pool_warm(c->run->e->pool, c->cert->dns.at[i], NULL, NULL);
}

static void cert_claim(void *arg)
{
	struct run_cert *c = arg;
	struct world *e = c->run->e;
	struct strs alive = {0};
	char *holder = NULL;
	struct err err;

	if (!runs_alive(e->turn, e->job->state, e->job->run, &alive)) {
		cert_end(c, EXIT_FAILED);
		goto out;
	}
	switch (claim_take(e->turn, c->cert->id, e->job->run, &alive, &holder)) {
	case CLAIM_TAKEN:
		cert_warm(c);
		cert_claimed(c);
		break;
	case CLAIM_HELD:
		if (!c->run->winding_down && loop_now(e->loop) < c->claim_until) {
			loop_timer_set(c->claim_again, CLAIM_AGAIN_MS);
			break;
		}
		err_set(&err, "run %s works on it; --wait SECONDS waits for its end", holder);
		cert_event(c, EVENT_ERROR, "claimed", err.text);
		cert_end(c, EXIT_CLAIMED);
		run_start_leftovers(c->run);
		break;
	case CLAIM_FAILED:
		cert_end(c, EXIT_FAILED);
		break;
	}
out:
	free(holder);
	strs_free(&alive);
}

static void collect_value(void *arg, const struct intent *i)
{
	struct run *r = arg;

	r->txt = xgrow(r->txt, r->txts, sizeof(*r->txt));
	r->txt[r->txts++] = txt_new(&r->e->txt_world, i);
}

static void collect_order(void *arg, const struct order_row *o)
{
	struct run *r = arg;

	r->row = xgrow(r->row, r->rows, sizeof(*r->row));
	order_row_copy(&r->row[r->rows++], o);
}

/* Takes over what dead runs owe; in the same transaction as our own row. */
static void run_collect(struct run *r)
{
	struct world *e = r->e;
	struct strs alive = {0};
	struct err err;

	if (runs_alive(e->turn, e->job->state, e->job->run, &alive)) {
		intent_adopt(e->turn, e->job->run, &alive);
		order_row_adopt(e->turn, e->job->run, &alive);
	}
	struct db *d = turn_db(e->turn);
	if (d && (!intent_each_owed(d, e->job->run, collect_value, r, &err) ||
	          !order_row_each_open(d, e->job->run, collect_order, r, &err)))
		turn_fail(e->turn, err.text);
	strs_free(&alive);
}

static void leftovers_done(void *arg, size_t removed, size_t owed)
{
	struct run *r = arg;

	if (owed)
		run_note(r, EXIT_OWED);
	if (r->e->job->clean)
		launcher_event(
		    r->e->launcher, EVENT_INFO, "cleaned",
		    json_pack("{s:I, s:I}", "removed", (json_int_t)removed, "owed", (json_int_t)owed),
		    removed || owed ? "%zu TXT values removed, %zu still owed" : "nothing to remove", removed,
		    owed);
	run_one_less(r);
}

/* Once every certificate has said which values it goes on with, the others are removed. */
static void run_start_leftovers(struct run *r)
{
	for (size_t i = 0; i < r->certs; i++)
		if (!r->cert[i].ended && !r->cert[i].order)
			return;
	if (r->leftovers)
		return;
	r->leftovers =
	    leftovers_new(r->e, r->txt, r->txts, r->row, r->e->job->clean ? r->rows : 0, leftovers_done, r);
	r->txt = NULL;
	r->txts = 0;
}

static void run_start(struct run *r)
{
	struct world *e = r->e;

	run_insert(e->turn, e->job->run);
	run_collect(r);
	r->certs = e->job->certs;
	r->cert = xcalloc(r->certs ? r->certs : 1, sizeof(*r->cert));
	r->busy = r->certs + 1;
	for (size_t i = 0; i < r->certs; i++) {
		struct run_cert *c = &r->cert[i];
		*c = (struct run_cert){.run = r, .cert = &e->job->cert[i]};
		c->claim_until = loop_now(e->loop) + e->job->wait_ms;
		c->claim_again = loop_timer_new(e->loop, cert_claim, c);
		loop_timer_set(c->claim_again, 0);
	}
	run_start_leftovers(r);
}

static void run_broken(void *arg, const char *why)
{
	struct run *r = arg;

	launcher_event(r->e->launcher, EVENT_ERROR, "journal", NULL,
	               "%s: the journal cannot be written (%s); only removals go on", r->e->job->state, why);
	run_note(r, EXIT_FAILED);
	r->winding_down = true;
	for (size_t i = 0; i < r->certs; i++)
		if (r->cert[i].order)
			order_broken(r->cert[i].order, "the journal cannot be written");
}

struct run *run_new(struct world *e, void (*fn)(void *arg, int code), void *arg)
{
	struct run *r = xcalloc(1, sizeof(*r));
	struct err err;

	r->e = e;
	r->fn = fn;
	r->arg = arg;
	r->end = loop_timer_new(e->loop, run_ended, r);
	if (world_open(e, run_broken, r, &err)) {
		run_start(r);
	} else {
		launcher_event(e->launcher, EVENT_ERROR, "failed", NULL, "%s", err.text);
		r->code = EXIT_CONFIG;
		loop_timer_set(r->end, 0);
	}
	return r;
}

void run_free(struct run *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->certs; i++) {
		struct run_cert *c = &r->cert[i];
		order_free(c->order);
		if (c->look)
			keeper_cancel(c->look);
		loop_timer_free(c->claim_again);
		order_row_clear(&c->resumed);
	}
	leftovers_free(r->leftovers);
	for (size_t i = 0; i < r->txts; i++)
		txt_free(r->txt[i]);
	for (size_t i = 0; i < r->rows; i++)
		order_row_clear(&r->row[i]);
	free(r->txt);
	free(r->row);
	free(r->cert);
	loop_timer_free(r->end);
	free(r);
}

void run_wind_down(struct run *r)
{
	r->winding_down = true;
	run_note(r, EXIT_FAILED);
	for (size_t i = 0; i < r->certs; i++)
		if (r->cert[i].order)
			order_wind_down(r->cert[i].order);
	if (r->leftovers)
		leftovers_wind_down(r->leftovers);
}
