#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/acme/patience.h"

#define POLL_FIRST_MS           25
#define POLL_MOST_MS            15000
#define FINALIZE_AFTER_POLLS    8
#define CERTIFICATE_AFTER_POLLS 8
#define KEPT_FROM_MS            60000 /* an answer's wish that is worth a row: should this run die, the next one knows */
#define AUTHZ_EVERY             8 /* polls, after which the authorizations are looked at too */

static void poll_end(struct order *o)
{
	struct order_op *op = o->poll_op;

	o->poll_op = NULL;
	order_op_end(op);
}

static void poll_too_late(struct order *o, uint64_t retry_after_ms)
{
	struct problem *p = problem_new(PROBLEM_LATER, 0, "", "the CA is %s",
	                                o->state == ORDER_VALIDATING ? "still validating" : "still issuing");

	p->retry_after_ms = retry_after_ms;
	poll_end(o);
	order_fail_problem(o, p, "looking at the order");
	problem_free(p);
}

static void poll_again(struct order *o, uint64_t retry_after_ms)
{
	uint64_t wait = POLL_FIRST_MS;

	if (retry_after_ms >= KEPT_FROM_MS)
		order_told_later(o, retry_after_ms);
	if (retry_after_ms > PATIENCE_MS) {
		poll_too_late(o, retry_after_ms);
		return;
	}
	for (unsigned i = 0; i < o->polls && wait < POLL_MOST_MS; i++)
		wait = wait * 8 / 5;
	o->polls++;
	wait = retry_after_ms ? retry_after_ms : wait;
	o->poll_at = loop_now(o->e->loop) + wait;
	loop_timer_set(o->poll, wait);
}

static void explain_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (!answer->problem)
		order_keep_authz(o, index, answer->json);
}

/* The order is lost: the reasons stand in its authorizations. order.c comes back when all are here. */
static void order_explain(struct order *o)
{
	o->next = ORDER_EXPLAINING;
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].needed)
			order_read(order_op(o, i), o->authz[i].url, explain_came);
	poll_end(o);
}

void order_tell_refusal(struct order *o)
{
	struct buf why;
	const struct problem *first = o->ca->error;

	order_note_seen(o);
	order_count_refusals(o);
	buf_init(&why, 3500);
	for (size_t i = 0; i < o->authzs; i++) {
		const struct acme_authz *a = o->authz[i].ca;
		char *text = a && a->error ? problem_text(a->error) : NULL;
		if (text)
			buf_printf(&why, "%s%s: %s", why.len ? "; " : "", o->authz[i].label, text);
		if (text && !first)
			first = a->error;
		free(text);
	}
	if (!why.len && o->ca->error) {
		char *text = problem_text(o->ca->error);
		buf_add_str(&why, text);
		free(text);
	}
	order_refused(o, first, why.len ? why.data : "it gave no reason");
	buf_free(&why);
}

static bool authz_final(const struct acme_authz *a)
{
	return a->status != ACME_PENDING && a->status != ACME_PROCESSING;
}

/* What an authorization says is known before the order says it, at some CAs long before. The outcome decides:
 * a refusal ends the wait, and a value that no one will look at any more is removed beside the rest. */
static void order_weigh_authzs(struct order *o)
{
	bool all_final = true, refused = false;

	for (size_t i = 0; i < o->authzs; i++) {
		const struct order_authz *a = &o->authz[i];

		if (!a->needed)
			continue;
		all_final = all_final && authz_final(a->ca);
		refused = refused || (authz_final(a->ca) && a->ca->status != ACME_VALID);
	}
	if (all_final) {
		order_note_seen(o);
		order_remove_values(o);
	}
	if (refused && o->poll_op) {
		loop_timer_stop(o->poll);
		order_op_stop(o->poll_op);
		order_explain(o);
	}
}

static void watched_authz_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (!answer->problem && order_keep_authz(o, index, answer->json))
		order_weigh_authzs(o);
}

static void order_watch_authz(struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].needed && o->authz[i].round <= o->round && !authz_final(o->authz[i].ca))
			order_read(order_op(o, i), o->authz[i].url, watched_authz_came);
}

/* All authorizations up to the present round. */
static bool order_round_valid(const struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].round <= o->round && o->authz[i].ca->status != ACME_VALID)
			return false;
	return true;
}

static bool order_has_more_rounds(const struct order *o)
{
	return o->round + 1 < o->rounds;
}

/* Not ready yet, perhaps because the order lags behind its authorizations: it is polled on, since finalize
 * would be refused (orderNotReady). */
static void validation_goes_on(struct order *o, uint64_t retry_after_ms)
{
	if (order_has_more_rounds(o) && order_round_valid(o)) {
		loop_timer_stop(o->deadline); /* the next round's spread is not the CA's time */
		o->ca_awaited = false;
		o->next = ORDER_TURNING;
		poll_end(o);
		return;
	}
	if (order_has_more_rounds(o) || o->polls % AUTHZ_EVERY == AUTHZ_EVERY - 1)
		order_watch_authz(o);
	poll_again(o, retry_after_ms);
}

static void validation_polled(struct order *o, uint64_t retry_after_ms)
{
	switch (o->ca->status) {
	case ACME_PENDING:
	case ACME_PROCESSING: /* before finalize: some CAs call their validation so */
		validation_goes_on(o, retry_after_ms);
		return;
	case ACME_READY:
		break;
	case ACME_VALID:
		o->next = ORDER_DOWNLOADING;
		break;
	default:
		order_explain(o);
		return;
	}
	order_note_seen(o);
	order_event(o, EVENT_INFO, "validated", NULL, "the CA has validated all names");
	poll_end(o);
}

static void issuance_polled(struct order *o, uint64_t retry_after_ms)
{
	switch (o->ca->status) {
	case ACME_READY: /* finalize did not arrive, or is not seen yet: after some polls it is sent again */
		if (o->polls < FINALIZE_AFTER_POLLS) {
			poll_again(o, retry_after_ms);
			return;
		}
		o->next = ORDER_FINALIZING;
		poll_end(o);
		return;
	case ACME_PENDING:
	case ACME_PROCESSING:
		poll_again(o, retry_after_ms);
		return;
	case ACME_VALID: /* its URL may lag behind; one that never comes, or cannot be used, ends the wait */
		if (o->ca->certificate || o->polls >= CERTIFICATE_AFTER_POLLS)
			poll_end(o);
		else
			poll_again(o, retry_after_ms);
		return;
	default:
		poll_end(o);
		order_tell_refusal(o);
	}
}

static void order_polled(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_set(op, NULL, NULL);
	if (answer->problem && answer->problem->class == PROBLEM_LATER &&
	    answer->retry_after_ms < PATIENCE_MS) {
		poll_again(o, answer->retry_after_ms);
		return;
	}
	if (answer->problem) {
		poll_end(o);
		order_fail_problem(o, answer->problem, "looking at the order");
		return;
	}
	if (!order_keep(o, answer->json))
		return;
	if (o->state == ORDER_VALIDATING)
		validation_polled(o, answer->retry_after_ms);
	else
		issuance_polled(o, answer->retry_after_ms);
}

void order_poll_now(void *arg)
{
	struct order *o = arg;

	assert(o->poll_op);
	order_read(o->poll_op, o->row.url, order_polled);
}

/* The time without a change counts on when finalize has to be sent again. */
void order_await(struct order *o)
{
	o->polls = 0;
	o->poll_op = order_op(o, 0);
	poll_again(o, 0);
	if (!o->winding_down && !o->ca_awaited)
		loop_timer_set(o->deadline, PATIENCE_MS);
	o->ca_awaited = true;
}
