#include "engine/order/parts.h"

#include <stdlib.h>

#include "common/buf.h"

#define POLL_FIRST_MS 25
#define POLL_MOST_MS  15000
#define AUTHZ_EVERY   8 /* polls, after which the authorizations are looked at too */

static void poll_again(struct order *o, uint64_t retry_after_ms)
{
	uint64_t wait = POLL_FIRST_MS;

	for (unsigned i = 0; i < o->polls && wait < POLL_MOST_MS; i++)
		wait = wait * 8 / 5;
	o->polls++;
	loop_timer_set(o->poll, retry_after_ms ? retry_after_ms : wait);
}

static void poll_end(struct order *o)
{
	struct order_op *op = o->poll_op;

	o->poll_op = NULL;
	order_op_end(op);
}

static void explain_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct order_name *n = &o->name[order_op_end(op)];
	struct acme_authz *a = answer->problem ? NULL : acme_authz_parse(answer->json, NULL);

	if (a) {
		acme_authz_free(n->authz);
		n->authz = a;
		n->needed = a->status == ACME_PENDING;
	}
}

/* The order is invalid: the reasons stand in its authorizations. order.c comes back when all are here. */
static void order_explain(struct order *o)
{
	o->next = ORDER_EXPLAINING;
	for (size_t i = 0; i < o->names; i++)
		if (o->name[i].needed)
			order_post(order_op(o, i), o->name[i].authz_url, NULL, explain_came);
	poll_end(o);
}

void order_tell_refusal(struct order *o)
{
	struct buf why;

	buf_init(&why, 3500);
	for (size_t i = 0; i < o->names; i++) {
		const struct acme_authz *a = o->name[i].authz;
		char *text = a && a->error ? problem_text(a->error) : NULL;
		if (text)
			buf_printf(&why, "%s%s: %s", why.len ? "; " : "", o->name[i].name, text);
		free(text);
	}
	if (!why.len && o->ca->error) {
		char *text = problem_text(o->ca->error);
		buf_add_str(&why, text);
		free(text);
	}
	order_fail(o, "the CA refused: %s", why.len ? why.data : "it gave no reason");
	buf_free(&why);
}

static void watched_authz_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct order_name *n = &o->name[order_op_end(op)];
	struct acme_authz *a = answer->problem ? NULL : acme_authz_parse(answer->json, NULL);

	if (!a)
		return;
	if (a->status == ACME_PENDING && a->error && !n->authz->error) {
		char *text = problem_text(a->error);
		order_event(o, EVENT_WARN, "authorization", NULL, "%s: the CA tries again after: %s", n->name,
		            text);
		free(text);
	}
	acme_authz_free(n->authz);
	n->authz = a;
}

/* Some CAs keep a failed try beside a pending challenge, or settle authorizations before the order. */
static void order_watch_authz(struct order *o)
{
	for (size_t i = 0; i < o->names; i++)
		if (o->name[i].needed && o->name[i].round <= o->round &&
		    o->name[i].authz->status != ACME_VALID)
			order_post(order_op(o, i), o->name[i].authz_url, NULL, watched_authz_came);
}

/* All authorizations up to the present round. */
static bool order_round_valid(const struct order *o)
{
	for (size_t i = 0; i < o->names; i++)
		if (o->name[i].round <= o->round && o->name[i].authz->status != ACME_VALID)
			return false;
	return true;
}

static bool order_has_more_rounds(const struct order *o)
{
	return o->round + 1 < o->rounds;
}

static void validation_polled(struct order *o, uint64_t retry_after_ms)
{
	switch (o->ca->status) {
	case ACME_PENDING:
		if (order_round_valid(o)) {
			if (order_has_more_rounds(o))
				o->next = ORDER_TURNING;
			poll_end(o);
			return;
		}
		if (order_has_more_rounds(o) || o->polls % AUTHZ_EVERY == AUTHZ_EVERY - 1)
			order_watch_authz(o);
		poll_again(o, retry_after_ms);
		return;
	case ACME_READY:
		break;
	case ACME_PROCESSING:
		o->next = ORDER_PROCESSING;
		break;
	case ACME_VALID:
		o->next = ORDER_DOWNLOADING;
		break;
	default:
		order_explain(o);
		return;
	}
	order_event(o, EVENT_INFO, "validated", NULL, "the CA has validated all names");
	poll_end(o);
}

static void issuance_polled(struct order *o, uint64_t retry_after_ms)
{
	switch (o->ca->status) {
	case ACME_READY:
	case ACME_PROCESSING:
		poll_again(o, retry_after_ms);
		return;
	case ACME_VALID:
		poll_end(o);
		return;
	default:
		poll_end(o);
		order_tell_refusal(o);
	}
}

static void order_poll_failed(struct order *o, const struct acme_answer *answer)
{
	if (answer->problem->class == PROBLEM_LATER) {
		poll_again(o, answer->retry_after_ms);
	} else {
		poll_end(o);
		order_fail_problem(o, answer->problem, "looking at the order");
	}
}

static void order_polled(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct err e;

	order_op_set(op, NULL, NULL);
	if (answer->problem) {
		order_poll_failed(o, answer);
		return;
	}
	struct acme_order *seen = acme_order_parse(answer->json, &e);
	if (!seen) {
		poll_end(o);
		order_fail(o, "the CA's order cannot be read: %s", e.text);
		return;
	}
	acme_order_free(o->ca);
	o->ca = seen;
	if (o->state == ORDER_VALIDATING)
		validation_polled(o, answer->retry_after_ms);
	else
		issuance_polled(o, answer->retry_after_ms);
}

void order_poll_now(void *arg)
{
	struct order *o = arg;

	order_post(o->poll_op, o->row.url, NULL, order_polled);
}

void order_await(struct order *o)
{
	o->polls = 0;
	o->poll_op = order_op(o, 0);
	poll_again(o, 0);
	if (!o->winding_down)
		loop_timer_set(o->deadline, ORDER_CA_MS);
}
