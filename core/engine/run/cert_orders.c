#include <stdlib.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/order/resolution.h"
#include "engine/run/advice.h"
#include "engine/run/limited.h"
#include "engine/run/parts.h"

static bool is_done(enum order_end end)
{
	return end == ORDER_DONE || end == ORDER_DONE_OWED;
}

/* What its end says of its accounts. */
static void judge_accounts(const struct run_key *k, enum order_end end)
{
	const struct job_cert *cert = k->cert->cert;
	struct stops *s = k->cert->run->stops;

	if (is_done(end))
		stops_done(s, cert, k->cert->ca);
	else if (end == ORDER_PUT_OFF && order_limit(k->order).kind == JOB_LIMITS)
		stops_untried(s, cert, k->cert->ca, order_blame(k->order)->account);
	else if (end != ORDER_PUT_OFF)
		stops_failed(s, order_blame(k->order), order_error(k->order));
}

static int code_of(struct run_key *k, enum order_end end)
{
	switch (end) {
	case ORDER_DONE:
		return EXIT_DONE;
	case ORDER_DONE_OWED:
		return EXIT_OWED;
	case ORDER_NOT_DONE:
		return EXIT_FAILED;
	case ORDER_MISCONFIGURED:
		return EXIT_CONFIG;
	case ORDER_PUT_OFF:
		if (order_limit(k->order).kind != JOB_LIMITS)
			return limited_note(k->cert, order_limit(k->order));
		return EXIT_NOT_DUE;
	}
	return EXIT_FAILED;
}

/* Thousands of orders may follow: what this one holds is freed now. */
static void key_close(struct run_key *k, enum order_end end)
{
	struct run_cert *c = k->cert;

	if (c->under_way)
		judge_accounts(k, end);
	if ((end == ORDER_NOT_DONE || end == ORDER_MISCONFIGURED) && !c->pause_told &&
	    !c->run->e->job->dry_run) {
		c->pause_told = true;
		cert_say_pause(c);
	}
	k->failed = !is_done(end);
	c->code = run_graver(c->code, code_of(k, end));
	order_free(k->order);
	k->order = NULL;
}

static struct resolution *cert_resolution(struct run_cert *c, struct err *err)
{
	return world_resolution(c->run->e, &c->cert->servers, &c->cert->resolvers, err);
}

static void misconfigured(struct run_cert *c, const struct err *err)
{
	cert_event(c, EVENT_ERROR, "failed", err->text);
	c->code = run_graver(c->code, EXIT_CONFIG);
}

/* An account that is gone is no trouble as long as another is there. */
static bool cert_has_dns(struct run_cert *c, struct err *err)
{
	for (size_t i = 0; i < c->cert->dns.n; i++)
		if (job_dns(c->run->e->job, c->cert->dns.at[i]))
			return true;
	return err_set(err,
	               "its DNS account %s is not remembered any more; type dnsproof issue --id %s --dns "
	               "PROVIDER and its --set options",
	               c->cert->dns.at[0], c->cert->id);
}

/* Others may wait for that. */
static void account_works(void *arg, const char *account)
{
	struct run_key *k = arg;

	stops_work(k->cert->run->stops, account);
	loop_timer_set(k->cert->run->begin, 0);
}

static void orders_go_on(struct run_cert *c);

static void note_fault(struct run_cert *c, enum order_fault fault)
{
	if (fault == ORDER_FAULT_CA || c->fault == ORDER_FAULT_NONE)
		c->fault = fault;
}

static void key_ordered(void *arg, struct order *o, enum order_end end)
{
	struct run_key *k = arg;

	k->cert->published = k->cert->published || is_done(end);
	note_fault(k->cert, order_fault(o));
	key_close(k, end);
	orders_go_on(k->cert);
}

static void key_won(void *arg, struct order *o)
{
	struct run_key *k = arg;

	(void)o;
	orders_go_on(k->cert);
}

/* NULL when it was said what is wrong. */
static struct ca_account *ca_account_of(struct run_cert *c, const char *name, struct resolution **how)
{
	struct err err;
	struct ca_account *account = NULL;

	*how = cert_has_dns(c, &err) ? cert_resolution(c, &err) : NULL;
	if (*how)
		account = world_ca_account(c->run->e, name, (*how)->lookup, &err);
	if (!account)
		misconfigured(c, &err);
	return account;
}

static void key_begin(struct run_key *k)
{
	struct run_cert *c = k->cert;
	struct world *e = c->run->e;
	struct txt **left = k->left;
	size_t lefts = k->lefts;
	struct resolution *how;
	struct ca_account *account = ca_account_of(c, c->ca, &how);

	k->begun = true;
	k->failed = !account;
	if (!account)
		return;
	k->left = NULL;
	k->lefts = 0;
	k->order = order_new(e, c->cert, how, account, k->resumed.id ? &k->resumed : NULL, left, lefts,
	                     key_ordered, k);
	order_has_key(k->order, k->type);
	order_on_work(k->order, account_works);
	order_succeeds(k->order, &k->succession);
	if (k->due == DUE_ADVISED)
		advice_heed(k);
	if (c->keys > 1 && c->key[0].wanted && c->key[1].wanted)
		order_waits_for_other(k->order, key_won);
}

/* Without the first the second is of no use. */
static struct run_key *next_key(struct run_cert *c)
{
	for (size_t i = 0; i < c->keys; i++) {
		struct run_key *k = &c->key[i];

		if (k->wanted && k->begun && k->failed && i == 0)
			return NULL;
		if (k->wanted && !k->begun && !c->run->winding_down)
			return k;
	}
	return NULL;
}

/* All that can be won is won. True when an order goes on. */
static bool orders_publish(struct run_cert *c)
{
	struct order *waits[KEYS_MOST] = {NULL};
	bool partial = false;
	size_t n = 0;

	for (size_t i = 0; i < c->keys; i++) {
		struct run_key *k = &c->key[i];

		if (k->order && !order_has_won(k->order))
			return true;
		if (k->order)
			waits[n++] = k->order;
		partial = partial || (k->wanted && !k->order);
	}
	if (!n)
		return false;
	if (c->key[0].wanted && !c->key[0].order)
		order_leave(waits[0]);
	else
		order_publish_with(waits[0], waits[1], partial);
	return true;
}

static void orders_go_on(struct run_cert *c)
{
	struct run_key *k;

	while ((k = next_key(c))) {
		key_begin(k);
		if (k->order)
			return;
	}
	if (orders_publish(c))
		return;
	if (c->published && c->code == EXIT_CONFIG)
		c->code = EXIT_FAILED; /* it is not that nothing could begin */
	c->ordered(c);
}

static void trial_ended(void *arg, struct order *o, enum order_end end)
{
	struct run_key *k = arg;
	struct run_cert *c = k->cert;

	if (staging_lets_order(c, end)) {
		order_free(o);
		k->order = NULL;
		orders_go_on(c);
		return;
	}
	key_close(k, end);
	if (is_done(end) && !c->run->e->job->dry_run)
		c->code = EXIT_FAILED;
	c->ordered(c);
}

/* Of the first key type alone: the others differ in nothing that could be tried. */
static void orders_try(struct run_cert *c)
{
	struct run_key *k = &c->key[0];
	struct resolution *how;
	struct ca_account *account = ca_account_of(c, c->cert->staging, &how);

	if (!account) {
		c->ordered(c);
		return;
	}
	k->order = order_new(c->run->e, c->cert, how, account, NULL, NULL, 0, trial_ended, k);
	order_try(k->order);
}

void orders_begin(struct run_cert *c)
{
	c->code = EXIT_DONE;
	backup_say(c);
	if (staging_is_tried(c))
		orders_try(c);
	else
		orders_go_on(c);
}

static void rehearsed(void *arg, struct order *o, enum order_end end)
{
	struct run_key *k = arg;
	struct run_cert *c = k->cert;

	c->code = is_done(end) ? EXIT_NOT_DUE : code_of(k, end);
	order_free(o);
	k->order = NULL;
	c->ordered(c);
}

void orders_rehearse(struct run_cert *c)
{
	struct run_key *k = &c->key[0];
	struct err err;
	struct resolution *how = cert_resolution(c, &err);

	c->code = EXIT_DONE;
	if (how) {
		k->order = order_rehearse(c->run->e, c->cert, how, rehearsed, k);
	} else {
		misconfigured(c, &err);
		c->ordered(c);
	}
}

void orders_hurry(struct run_cert *c)
{
	for (size_t i = 0; i < c->keys; i++)
		if (c->key[i].order)
			order_wind_down(c->key[i].order);
}

void orders_broken(struct run_cert *c, const char *why)
{
	for (size_t i = 0; i < c->keys; i++)
		if (c->key[i].order)
			order_broken(c->key[i].order, why);
}
