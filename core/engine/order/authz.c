#include "engine/order/parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/peers/keeper.h"
#include "engine/journal/turn.h"

#define CHALLENGE_POSTS_MOST 3

static void cancel_account(void *handle)
{
	struct order_op *op = handle;

	ca_account_forget_waiter(op->order->account, op);
}

static void account_opened(void *arg, const struct problem *problem)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (!problem) {
		order_event(
		    o, EVENT_INFO, "account",
		    json_pack("{s:s, s:s}", "account", ca_account_name(o->account), "url", acme_kid(o->acme)),
		    "account %s at the CA is ready", ca_account_name(o->account));
		return;
	}
	if (problem->class == PROBLEM_PERSON)
		o->misconfigured = true;
	order_fail_problem(o, problem, "account at the CA");
}

void order_open_account(struct order *o)
{
	struct order_op *op = order_op(o, 0);

	order_op_set(op, op, cancel_account);
	ca_account_open(o->account, (unsigned)o->names, account_opened, op);
}

static bool order_keep(struct order *o, const json_t *json)
{
	struct err e;
	struct acme_order *parsed = acme_order_parse(json, &e);

	if (!parsed) {
		order_fail(o, "the CA's order cannot be read: %s", e.text);
		return false;
	}
	acme_order_free(o->ca);
	o->ca = parsed;
	return true;
}

static void order_opened(struct order *o, const char *url)
{
	o->row.state = ORDER_ROW_OPEN;
	if (url != o->row.url) {
		free(o->row.url);
		o->row.url = xstrdup(url);
	}
	o->row.expires = o->ca->expires;
	order_row_store(o->e->turn, &o->row);
	acme_want_nonces(o->acme, (unsigned)o->ca->authorizations.n);
	order_event(o, EVENT_INFO, "order",
	            json_pack("{s:s, s:s}", "url", url, "status", acme_status_text(o->ca->status)),
	            "order opened for %zu name%s", o->names, o->names == 1 ? "" : "s");
}

static void order_reopen_account(struct order *o)
{
	order_event(o, EVENT_WARN, "account", NULL,
	            "the CA does not know the account any more; registering the same key again");
	o->next = ORDER_PREPARING;
}

static void order_ordered(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->problem) {
		if (strcmp(answer->problem->type, "accountDoesNotExist") == 0 &&
		    ca_account_lost(o->account)) {
			order_reopen_account(o);
			return;
		}
		o->row.state = ORDER_ROW_ABANDONED;
		order_fail_problem(o, answer->problem, "newOrder");
		return;
	}
	if (!answer->location) {
		order_fail(o, "newOrder: the CA gave no order URL");
		return;
	}
	if (order_keep(o, answer->json))
		order_opened(o, answer->location);
}

static void order_send_new(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	turn_stop_point("neworder");
	order_post(op, acme_directory(o->acme)->new_order, order_payload(&o->cert->names, NULL, NULL),
	           order_ordered);
}

static void order_new_row(struct order *o)
{
	if (!o->row.id) {
		order_row_insert(o->e->turn, &o->row);
	} else {
		o->row.state = ORDER_ROW_WANTED;
		order_row_store(o->e->turn, &o->row);
	}
	turn_then(o->e->turn, order_send_new, order_not_written, order_op(o, 0));
}

/* The old order is of no use: a new row with a key of its own; its values stay among those left. */
static void order_start_afresh(struct order *o, const char *why)
{
	order_event(o, EVENT_INFO, "resume", NULL,
	            "the order of an earlier run cannot be used (%s); a new one", why);
	o->row.state = ORDER_ROW_ABANDONED;
	order_row_store(o->e->turn, &o->row);
	order_row_renew(o->e->turn, &o->row);
	o->next = ORDER_ORDERING;
}

static void order_looked_at(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->problem) {
		/* The CA may forget an order that it has finished with: its certificate is still to be had. */
		if (o->row.certificate)
			o->next = ORDER_DOWNLOADING;
		else if (answer->problem->class == PROBLEM_LATER)
			order_fail_problem(o, answer->problem, "looking at the order of an earlier run");
		else
			order_start_afresh(o, answer->problem->type);
		return;
	}
	if (!order_keep(o, answer->json))
		return;
	if (o->ca->status == ACME_INVALID) {
		order_start_afresh(o, "it is invalid");
		return;
	}
	order_event(o, EVENT_INFO, "resume", json_pack("{s:s}", "url", o->row.url),
	            "going on with the order of an earlier run, which is %s",
	            acme_status_text(o->ca->status));
	if (o->ca->status == ACME_VALID)
		o->next = ORDER_DOWNLOADING;
	else if (o->ca->status == ACME_PROCESSING)
		o->next = ORDER_PROCESSING;
	else if (o->ca->status == ACME_READY)
		o->next = ORDER_FINALIZING;
	else
		acme_want_nonces(o->acme, (unsigned)o->ca->authorizations.n);
}

void order_request(struct order *o)
{
	if (o->row.url)
		order_post(order_op(o, 0), o->row.url, NULL, order_looked_at);
	else
		order_new_row(o);
}

static void value_computed(void *arg, const json_t *answer, const char *error)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct order_name *n = &o->name[order_op_end(op)];
	const char *value = json_string_value(json_object_get(answer, "value"));

	if (error || !value || !str_is_b64url(value, 43, 43))
		order_fail(o, "%s: no TXT value from the keeper: %s", n->name, error ? error : "bad answer");
	else
		n->value = xstrdup(value);
}

static void order_want_value(struct order *o, size_t index)
{
	struct order_op *op = order_op(o, index);
	json_t *request = json_pack("{s:s, s:s, s:s}", "op", "challenge", "account",
	                            ca_account_name(o->account), "token", o->name[index].authz->dns01.token);

	order_op_set(op, keeper_send(o->e->keeper, request, value_computed, op), order_cancel_sign);
}

static struct order_name *order_name_of(struct order *o, const struct acme_authz *a)
{
	for (size_t i = 0; i < o->names; i++) {
		struct order_name *n = &o->name[i];
		bool wildcard = str_starts(n->name, "*.");
		if (wildcard == a->wildcard && strcmp(n->name + (wildcard ? 2 : 0), a->name) == 0)
			return n;
	}
	return NULL;
}

static void order_use_authz(struct order *o, struct order_name *n)
{
	const struct acme_authz *a = n->authz;

	if (a->status == ACME_VALID) {
		order_event(o, EVENT_INFO, "authorization",
		            json_pack("{s:s, s:s}", "name", n->name, "status", "valid"),
		            "%s: already validated by the CA", n->name);
	} else if (a->status != ACME_PENDING) {
		order_fail(o, "%s: the authorization is %s", n->name, acme_status_text(a->status));
	} else if (!a->has_dns01) {
		order_fail(o, "%s: the CA offers no dns-01 challenge for it", n->name);
	} else {
		n->needed = true;
		order_want_value(o, (size_t)(n - o->name));
	}
}

static void order_authz_came(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	struct err e;

	if (answer->problem) {
		order_fail_problem(o, answer->problem, "fetching an authorization");
		return;
	}
	struct acme_authz *a = acme_authz_parse(answer->json, &e);
	struct order_name *n = a ? order_name_of(o, a) : NULL;
	if (!n || n->authz) {
		order_fail(o, "an authorization of the CA %s: %s",
		           a ? "is for a name not asked for" : "cannot be read", a ? a->name : e.text);
		acme_authz_free(a);
		return;
	}
	n->authz = a;
	n->authz_url = xstrdup(o->ca->authorizations.at[index]);
	order_use_authz(o, n);
}

void order_authorize(struct order *o)
{
	if (o->ca->authorizations.n != o->names) {
		order_fail(o, "the CA's order has %zu authorizations for %zu names", o->ca->authorizations.n,
		           o->names);
		return;
	}
	for (size_t i = 0; i < o->ca->authorizations.n && !o->failed; i++)
		order_post(order_op(o, i), o->ca->authorizations.at[i], NULL, order_authz_came);
}

static void challenge_answered(void *arg, const struct acme_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	const struct order_name *n = &o->name[order_op_end(op)];

	if (!answer->problem)
		return;
	/* Without an answer it may have been taken; the order will tell. */
	if (answer->maybe_done && answer->problem->class == PROBLEM_LATER)
		order_event(o, EVENT_WARN, "challenge", NULL, "%s: no answer to the challenge", n->name);
	else
		order_fail_problem(o, answer->problem, n->name);
}

static void challenge_send(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	turn_stop_point("challenge");
	order_post(op, o->name[op->index].authz->dns01.url, json_object(), challenge_answered);
}

static void order_post_challenge(struct order *o, size_t index)
{
	const struct order_name *n = &o->name[index];
	const char *url = n->authz->dns01.url;

	if (n->authz->dns01.status != ACME_PENDING)
		return; /* an earlier run posted it and the CA is at it */
	if (challenge_posts(o->e->turn, url) >= CHALLENGE_POSTS_MOST) {
		order_fail(o, "%s: the challenge was posted %d times without a decision of the CA", n->name,
		           CHALLENGE_POSTS_MOST);
		return;
	}
	challenge_posted(o->e->turn, o->row.id, url);
	turn_then(o->e->turn, challenge_send, order_not_written, order_op(o, index));
}

void order_post_challenges(struct order *o)
{
	for (size_t i = 0; i < o->names && !o->failed; i++)
		if (o->name[i].needed && o->name[i].round == o->round)
			order_post_challenge(o, i);
}

static void authz_deactivated(void *arg, const struct acme_answer *answer)
{
	(void)answer; /* it expires by itself in time */
	order_op_end(arg);
}

void order_deactivate(struct order *o)
{
	for (size_t i = 0; i < o->names; i++)
		if (o->name[i].needed && o->name[i].authz->status == ACME_PENDING)
			order_post(order_op(o, i), o->name[i].authz_url,
			           json_pack("{s:s}", "status", "deactivated"), authz_deactivated);
}
