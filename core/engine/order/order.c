#include "engine/order/order.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/journal/events.h"
#include "engine/order/parts.h"
#include "engine/journal/rows.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

#define CLEAN_MS       70000 /* whole cleaning; the removals have deadlines of their own */
#define CLEAN_QUICK_MS 20000 /* after a signal */
#define POSTED_MS      10000 /* a posted challenge gets so long after a signal */

static void order_prepare(struct order *o)
{
	if (o->rehearsal) {
		o->next = ORDER_ENDED;
		o->waits_for = "the zones and DNS accounts of the names";
	} else {
		order_open_account(o);
	}
	if (!o->place[0].zone)
		order_find_zones(o);
}

static void order_place_values(struct order *o)
{
	order_make_key(o);
	order_put_values(o);
}

/* The next round begins once the values of this one are gone. */
static void order_turn(struct order *o)
{
	order_remove_round(o);
	o->round++;
}

/* Did the CA once say that all authorizations are valid? */
static bool order_validated(const struct order *o)
{
	return o->row.state == ORDER_ROW_FINALIZED || o->row.state == ORDER_ROW_ISSUED ||
	       (o->ca && o->ca->status == ACME_READY);
}

static void order_clean(struct order *o)
{
	loop_timer_set(o->deadline, o->winding_down ? CLEAN_QUICK_MS : CLEAN_MS);
	if (o->failed && o->row.id) {
		/* Only what the CA may still be waiting for: a valid authorization is of use to the next order. */
		bool later = order_goes_on_later(o);
		if (!later && !order_validated(o) && !turn_is_broken(o->e->turn))
			order_deactivate(o);
		if (o->ca && !later && o->row.state < ORDER_ROW_PUBLISHED)
			o->row.state = o->trial ? ORDER_ROW_ABANDONED : ORDER_ROW_FAILED;
		if (!later)
			order_discard_key(o);
		order_row_store(o->e->turn, &o->row);
	}
	order_remove_values(o);
}

static void order_end(struct order *o)
{
	loop_timer_stop(o->deadline);
	order_leave_groups(o);
	if (o->start_again && !o->winding_down && !turn_is_broken(o->e->turn)) {
		order_start_again(o);
		return;
	}
	loop_timer_stop(o->waiting);
	events_prune(o->e->events, o->cert->id); /* a row change, so the log is committed too */
	order_back_off(o);
	enum order_end end = o->put_off         ? ORDER_PUT_OFF
	                     : o->misconfigured ? ORDER_MISCONFIGURED
	                     : o->failed        ? ORDER_NOT_DONE
	                     : o->owed          ? ORDER_DONE_OWED
	                                        : ORDER_DONE;
	o->fn(o->arg, o, end);
}

/* What begins a state, the usual next one (an operation may choose another: o->next), and what a long stay in it waits
 * for where no operation says it better. */
static const struct {
	const char *name;
	void (*enter)(struct order *o);
	enum order_state next;
	const char *waits_for;
} states[] = {
    [ORDER_PREPARING] = {"preparing", order_prepare, ORDER_ORDERING, "the CA's directory and account"},
    [ORDER_ORDERING] = {"ordering", order_request, ORDER_AUTHORIZING, "the CA to open the order"},
    [ORDER_AUTHORIZING] = {"authorizing", order_authorize, ORDER_MAKING_ROOM, "the CA's authorizations"},
    [ORDER_MAKING_ROOM] = {"waiting for room", order_make_room, ORDER_PLACING, NULL},
    [ORDER_PLACING] = {"placing", order_place_values, ORDER_SPREADING, NULL},
    [ORDER_SPREADING] = {"spreading", order_spread_values, ORDER_SETTLING, NULL},
    [ORDER_SETTLING] = {"settling", order_settle, ORDER_GATHERING,
                        "the DNS provider to say that all its servers have the record"},
    [ORDER_GATHERING] = {"gathering", order_gather, ORDER_CHALLENGING, NULL},
    [ORDER_CHALLENGING] = {"challenging", order_post_challenges, ORDER_VALIDATING,
                           "the CA to take the challenges"},
    [ORDER_VALIDATING] = {"validating", order_await, ORDER_FINALIZING, "the CA to validate the names"},
    [ORDER_TURNING] = {"taking turns", order_turn, ORDER_MAKING_ROOM, NULL},
    [ORDER_EXPLAINING] = {"explaining", order_tell_refusal, ORDER_CLEANING, NULL},
    [ORDER_FINALIZING] = {"finalizing", order_finalize, ORDER_PROCESSING,
                          "the certificate's key and the CA to take the request"},
    [ORDER_PROCESSING] = {"processing", order_await, ORDER_DOWNLOADING, "the CA to issue the certificate"},
    [ORDER_DOWNLOADING] = {"downloading", order_download, ORDER_PUBLISHING, "the CA to send the certificate"},
    [ORDER_PUBLISHING] = {"publishing", order_publish, ORDER_CLEANING,
                          "the certificate to be written to disk"},
    [ORDER_CLEANING] = {"cleaning", order_clean, ORDER_ENDED, "the CA to close what is not needed any more"},
    [ORDER_ENDED] = {"ended", order_end, ORDER_ENDED, NULL},
};

static void order_enter(struct order *o)
{
	o->entered = true;
	o->entered_at = loop_now(o->e->loop);
	o->waits_for = states[o->state].waits_for;
	order_waiting_begin(o);
	o->next = states[o->state].next;
	launcher_event(o->e->launcher, EVENT_DEBUG, "state", json_pack("{s:s}", "cert", o->cert->id),
	               "%s: %s", o->cert->id, states[o->state].name);
	states[o->state].enter(o);
}

static bool order_waits(const struct order *o)
{
	return o->ops || ((o->state == ORDER_CLEANING || o->state == ORDER_TURNING) && o->removing);
}

static void order_step(void *arg)
{
	struct order *o = arg;

	if (o->entered) {
		if (order_waits(o) || o->state == ORDER_ENDED)
			return;
		o->state = o->next;
	}
	bool last = o->state == ORDER_ENDED;
	order_enter(o);
	if (last)
		return; /* its owner may have freed it */
	order_tell_groups(o);
	if (!order_waits(o))
		order_wake(o);
}

static void order_deadline(void *arg)
{
	struct order *o = arg;

	if (o->state == ORDER_CLEANING) {
		o->owed = o->owed || o->removing;
		o->removing = 0;
		order_ops_cancel(o);
		order_wake(o);
		return;
	}
	o->resumable = true;
	if (!o->winding_down)
		order_has_fault(o, ORDER_FAULT_CA);
	order_fail(o,
	           o->winding_down
	               ? "interrupted while %s"
	               : "nothing has changed at the CA for 10 minutes (while %s); the next run goes on",
	           states[o->state].name);
}

void order_wind_down(struct order *o)
{
	if (o->winding_down || o->state == ORDER_ENDED)
		return;
	o->winding_down = true;
	order_hurry_removals(o);
	if (o->state == ORDER_CLEANING && o->entered)
		loop_timer_set(o->deadline, CLEAN_QUICK_MS);
	if (o->state == ORDER_CLEANING)
		return;
	if (o->state >= ORDER_CHALLENGING && !order_has_won(o))
		loop_timer_set(o->deadline, POSTED_MS);
	else
		order_deadline(o);
}

void order_broken(struct order *o, const char *why)
{
	o->resumable = true;
	order_fail(o, "%s", why);
}

static void order_add_names(struct order *o)
{
	o->names = o->cert->names.n;
	o->name = xcalloc(o->names, sizeof(*o->name));
	for (size_t i = 0; i < o->names; i++) {
		o->name[i].name = o->cert->names.at[i];
		o->name[i].place = order_place_for(o, o->name[i].name);
	}
}

static void order_fill_row(struct order *o, const struct order_row *resumed)
{
	if (resumed) {
		order_row_copy(&o->row, resumed);
		return;
	}
	char *names = rows_list(&o->cert->names);
	const struct order_row row = {
	    .run = o->e->job->run,
	    .tag = (char *)"",
	    .cert = o->cert->id,
	    .ca_account = (char *)ca_account_name(o->account),
	    .names = names,
	    .key_type = o->cert->key,
	};
	order_row_copy(&o->row, &row);
	order_row_renew(o->e->turn, &o->row);
	free(names);
}

static void order_take_over_left(struct order *o, struct txt **left, size_t n)
{
	o->left = xcalloc(n ? n : 1, sizeof(*o->left));
	o->lefts = n;
	for (size_t i = 0; i < n; i++)
		o->left[i] = (struct order_txt){.order = o, .txt = left[i]};
	free(left);
}

static struct order *order_make(struct world *e, const struct job_cert *cert, struct resolution *resolution,
                                order_fn *fn, void *arg)
{
	struct order *o = xcalloc(1, sizeof(*o));

	o->e = e;
	o->cert = cert;
	o->resolution = resolution;
	o->fn = fn;
	o->arg = arg;
	o->limit.kind = JOB_LIMITS;
	o->step = loop_timer_new(e->loop, order_step, o);
	o->waiting = loop_timer_new(e->loop, order_waiting_tell, o);
	o->deadline = loop_timer_new(e->loop, order_deadline, o);
	o->poll = loop_timer_new(e->loop, order_poll_now, o);
	o->gather = loop_timer_new(e->loop, order_gather_over, o);
	order_add_names(o);
	order_wake(o);
	return o;
}

struct order *order_new(struct world *e, const struct job_cert *cert, struct resolution *resolution,
                        struct ca_account *account, const struct order_row *resumed, struct txt **left,
                        size_t lefts, order_fn *fn, void *arg)
{
	struct order *o = order_make(e, cert, resolution, fn, arg);

	o->account = account;
	o->acme = ca_account_acme(account);
	order_fill_row(o, resumed);
	o->asks = (struct ledger_order){
	    .ca = job_ca(e->job, o->row.ca_account), .names = &cert->names, .urgent = !e->job->renew};
	order_take_over_left(o, left, lefts);
	return o;
}

void order_has_key(struct order *o, const char *type)
{
	free(o->row.key_type);
	o->row.key_type = xstrdup(type);
}

struct order *order_rehearse(struct world *e, const struct job_cert *cert, struct resolution *resolution,
                             order_fn *fn, void *arg)
{
	struct order *o = order_make(e, cert, resolution, fn, arg);

	o->rehearsal = true;
	return o;
}

static void order_free_names(struct order *o)
{
	order_free_authzs(o);
	for (size_t i = 0; i < o->places; i++) {
		free(o->place[i].challenge);
		zone_result_free(o->place[i].zone);
		strs_free(&o->place[i].also);
		strs_free(&o->place[i].values);
		strs_free(&o->place[i].refusals);
	}
	for (size_t i = 0; i < o->lefts; i++)
		txt_free(o->left[i].txt);
	free_all(o->name, o->place, o->left);
}

void order_free(struct order *o)
{
	if (!o)
		return;
	order_ops_cancel(o);
	order_leave_groups(o);
	order_forget_announced(o);
	if (o->key_call)
		keeper_cancel(o->key_call);
	order_free_names(o);
	loop_timer_free(o->step);
	loop_timer_free(o->waiting);
	loop_timer_free(o->deadline);
	loop_timer_free(o->poll);
	loop_timer_free(o->gather);
	acme_order_free(o->ca);
	order_row_clear(&o->row);
	json_decref(o->alternates);
	free_all(o->csr, o->chain, o->kid, o->replaces, o);
}
