#include "engine/order/parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/spread_times.h"
#include "engine/pool/pool.h"
#include "engine/spread/spread.h"
#include "engine/zone/resolvers.h"

#define TTL_UNKNOWN      60 /* seconds, where a provider tells no minimum */
#define REMOVE_MS        60000
#define REMOVE_QUICK_MS  20000 /* after a signal */
#define AUTHZ_SPARE_S    300   /* spreading ends so long before the authorization does */
#define FIRST_LEAST_MS   50
#define LIVE_MS          20000
#define LIVE_AGAIN_MS    2000
#define VANISHED_MOST    3
#define SETTLE_MOST_MS   60000u
#define RESOLVER_MS      5000 /* before a resolver is asked for a value */
#define RESOLVER_MOST_MS 120000

static void cancel_spread(void *handle)
{
	spread_free(handle);
}

static void cancel_put(void *handle)
{
	struct order_txt *x = handle;

	x->op = NULL;
}

static void value_put(void *arg, enum txt_result result, enum pool_rc rc, const char *message)
{
	struct order_txt *x = arg;
	struct order *o = x->order;
	const struct intent *i = txt_intent(x->txt);

	if (!x->op)
		return; /* of a value put again, or of an order that was given up meanwhile */
	order_op_end(x->op);
	x->op = NULL;
	if (result == TXT_DONE) {
		order_dns_works(o, i->dns_account);
		order_event(o, EVENT_INFO, "added",
		            json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		            "%s: TXT record added", i->owner);
		return;
	}
	order_blame_dns(o, i->dns_account, rc);
	o->resumable = txt_rc_passes(rc);
	o->misconfigured =
	    o->misconfigured || (!o->failed && (rc == POOL_AUTH || rc == POOL_NOZONE || rc == POOL_INVALID));
	order_fail(o, "%s: TXT record not added by %s: %s", i->owner, i->dns_account,
	           message ? message : "the provider gave no reason");
}

/* A value that the resumed run had put already keeps its row. */
static struct txt *order_take_left(struct order *o, const struct intent *i)
{
	for (size_t n = 0; n < o->lefts; n++) {
		struct txt *txt = o->left[n].txt;
		const struct intent *old = txt ? txt_intent(txt) : NULL;
		if (old && strcmp(old->dns_account, i->dns_account) == 0 &&
		    strcmp(old->owner, i->owner) == 0 && strcmp(old->value, i->value) == 0) {
			o->left[n].txt = NULL;
			return txt;
		}
	}
	return NULL;
}

static unsigned order_ttl(const struct order *o, const char *dns_account)
{
	const struct pool_hello *hello = pool_hello(o->e->pool, dns_account);

	unsigned least = hello ? hello->least_ttl : 0;

	/* The least there is, so that no cache keeps an old answer for longer than it must. */
	if (!o->cert->ttl)
		return least ? least : TTL_UNKNOWN;
	return least > o->cert->ttl ? least : o->cert->ttl;
}

struct order_txt *authz_put(struct order_authz *a, size_t n)
{
	return n == 0 ? &a->put : n <= a->alsos ? &a->also[n - 1] : NULL;
}

/* False: it was not there before. */
static bool order_put_value_at(struct order *o, const struct order_authz *a, struct order_txt *x,
                               const char *dns_account)
{
	const struct order_place *p = &o->place[a->place];
	const struct intent i = {
	    .order = o->row.id,
	    .run = o->e->job->run,
	    .name = a->label,
	    .dns_account = (char *)dns_account,
	    .zone = p->zone->zone,
	    .owner = p->zone->owner,
	    .value = a->value,
	    .ttl = order_ttl(o, dns_account),
	    .resolution = o->resolution->text,
	    .recursive = o->cert->wait_for == WAIT_FOR_RESOLVER,
	};

	x->txt = order_take_left(o, &i);
	bool was_there = x->txt != NULL;
	if (!was_there)
		x->txt = txt_new(&o->e->txt_world, &i);
	x->op = order_op(o, 0);
	order_op_set(x->op, x, cancel_put);
	txt_put(x->txt, loop_now(o->e->loop) + o->cert->timeout_ms, value_put, x);
	return was_there;
}

static void order_put_value(struct order *o, struct order_authz *a)
{
	struct order_place *p = &o->place[a->place];
	struct order_txt *x;

	strs_add(&p->values, a->value);
	a->alsos = p->also.n;
	a->also = a->alsos ? xcalloc(a->alsos, sizeof(*a->also)) : NULL;
	a->was_there = true;
	for (size_t n = 0; (x = authz_put(a, n)); n++) {
		x->order = o;
		a->was_there &= order_put_value_at(o, a, x, place_dns_account(p, n));
	}
}

void order_put_values(struct order *o)
{
	for (size_t i = 0; i < o->places; i++)
		strs_free(&o->place[i].values);
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].needed && o->authz[i].round == o->round)
			order_put_value(o, &o->authz[i]);
	order_withdraw(o, true);
}

/* "visible on all 3 name servers", "visible on 2 of 3 name servers"; new string. */
static char *visible_where(const struct order *o, const struct spread_result *r)
{
	const char *whom = o->cert->wait_for == WAIT_FOR_RESOLVER ? "resolver" : "name server";

	if (o->cert->wait_for == WAIT_FOR_NONE)
		return xstrdup("not looked for (--wait-for none); going on");
	if (r->good < r->asked)
		return xasprintf("visible on %zu of %zu %ss", r->good, r->asked, whom);
	return r->asked == 1 ? xasprintf("visible on 1 %s", whom)
	                     : xasprintf("visible on all %zu %ss", r->asked, whom);
}

/* The longer of what the operator and what the provider asks for; a provider's absurd wish is cut. */
static unsigned order_settle_ms(struct order *o, const struct order_place *p)
{
	const char *account;
	unsigned ms = 0;

	for (size_t n = 0; (account = place_dns_account(p, n)); n++) {
		const struct pool_hello *hello = pool_hello(o->e->pool, account);
		if (hello && hello->settle_ms > ms)
			ms = hello->settle_ms;
	}
	if (ms > SETTLE_MOST_MS) {
		order_event(o, EVENT_WARN, "settle", NULL,
		            "%s: the provider asks for %u s of settle time; %u s are waited (--settle S)",
		            p->zone->owner, ms / 1000, SETTLE_MOST_MS / 1000);
		ms = SETTLE_MOST_MS;
	}
	return ms > o->cert->settle_ms ? ms : o->cert->settle_ms;
}

/* A resolver that is asked before the servers have the record remembers for a while that there is none, often for
 * longer than the record would have taken: it is better asked late. What was too early once is doubled. */
static unsigned resolver_first_ms(struct order *o, const struct order_place *p)
{
	unsigned settle = order_settle_ms(o, p), learned = spread_resolver_ms(o->e->turn, p->zone->zone);

	if (o->cert->settle_ms)
		return settle;
	if (!learned)
		learned = RESOLVER_MS;
	return settle > learned ? settle : learned;
}

static void spread_note(struct order *o, const struct order_place *p, const struct spread_result *result)
{
	unsigned next;

	if (o->cert->wait_for != WAIT_FOR_RESOLVER) {
		if (result->end == SPREAD_DONE)
			spread_learn(o->e->turn, p->zone->zone, result->took_ms);
	} else if (result->early) {
		next = 2 * resolver_first_ms(o, p);
		spread_resolver_store(o->e->turn, p->zone->zone,
		                      next < RESOLVER_MOST_MS ? next : RESOLVER_MOST_MS);
	}
}

static void authz_shown_by(struct order_authz *a, const struct zone_server *witness)
{
	struct order_txt *x;

	for (size_t n = 0; (x = authz_put(a, n)); n++)
		if (x->txt)
			txt_shown_by(x->txt, witness->name, &witness->address);
}

static void spread_ended(void *arg, const struct spread_result *result)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct spread *spread = op->handle;
	struct order_place *p = &o->place[order_op_end(op)];
	json_t *matrix = json_pack("{s:s, s:O, s:i}", "owner", p->zone->owner, "matrix", result->matrix,
	                           "took_ms", (int)result->took_ms);

	p->ttl = result->ttl;
	spread_note(o, p, result);
	for (size_t i = 0; i < result->warnings->n; i++)
		order_event(o, EVENT_WARN, "spread-warning", NULL, "%s", result->warnings->at[i]);
	order_event(o, EVENT_DEBUG, "matrix", matrix, "%s: answers of the name servers", p->zone->owner);
	for (size_t i = 0; i < o->authzs && result->witness; i++)
		if (&o->place[o->authz[i].place] == p)
			authz_shown_by(&o->authz[i], result->witness);
	if (result->end == SPREAD_DONE) {
		char *visible = visible_where(o, result);
		order_event(o, EVENT_INFO, "spread",
		            json_pack("{s:s, s:i}", "owner", p->zone->owner, "took_ms", (int)result->took_ms),
		            "%s: %s after %u.%03u s", p->zone->owner, visible, result->took_ms / 1000,
		            result->took_ms % 1000);
		free(visible);
	} else {
		order_fail(o, "%s", result->message);
	}
	spread_free(spread);
}

static void authz_put_again(struct order *o, struct order_authz *a)
{
	struct order_txt *x;

	for (size_t n = 0; (x = authz_put(a, n)); n++)
		txt_put(x->txt, loop_now(o->e->loop) + o->cert->timeout_ms, value_put, x);
}

static void value_vanished(void *arg, const char *value, const char *server)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	for (size_t i = 0; i < o->authzs; i++) {
		struct order_authz *a = &o->authz[i];
		if (a->place != op->index || !a->put.txt || strcmp(a->value, value) != 0)
			continue;
		if (a->put.vanished++ >= VANISHED_MOST) {
			order_fail(o,
			           "%s: the TXT value keeps vanishing from %s: another program seems to "
			           "remove it",
			           txt_intent(a->put.txt)->owner, server);
			return;
		}
		order_event(o, EVENT_WARN, "vanished", NULL,
		            "%s: the TXT record vanished from %s; added again", txt_intent(a->put.txt)->owner,
		            server);
		authz_put_again(o, a);
		return;
	}
}

/* --timeout, or the first authorization's expiry less five minutes. */
static uint64_t order_spread_deadline(const struct order *o)
{
	uint64_t ms = o->cert->timeout_ms;

	for (size_t i = 0; i < o->authzs; i++) {
		const struct acme_authz *a = o->authz[i].ca;
		if (!o->authz[i].needed || !a->expires)
			continue;
		int64_t left = a->expires - AUTHZ_SPARE_S - loop_wall(o->e->loop);
		if (left < 1)
			left = 1;
		if ((uint64_t)left * 1000 < ms)
			ms = (uint64_t)left * 1000;
	}
	return loop_now(o->e->loop) + ms;
}

static char *spread_waits_for(const struct order_op *op)
{
	return spread_waiting_text(op->handle);
}

static unsigned order_first_ms(struct order *o, const struct order_place *p)
{
	unsigned half;

	if (o->cert->wait_for == WAIT_FOR_RESOLVER)
		return resolver_first_ms(o, p);
	half = spread_learned_ms(o->e->turn, p->zone->zone) / 2;
	return half < FIRST_LEAST_MS ? 0 : half;
}

void order_spread_values(struct order *o)
{
	uint64_t deadline = order_spread_deadline(o);
	bool resolvers = o->cert->wait_for == WAIT_FOR_RESOLVER;
	size_t n = 0;
	struct zone_server *resolver = resolvers ? zone_resolvers(o->resolution->lookup, &n) : NULL;

	for (size_t i = 0; i < o->places; i++) {
		const struct order_place *p = &o->place[i];
		if (!p->values.n)
			continue;
		const struct spread_wish wish = {
		    .owner = p->zone->owner,
		    .zone = p->zone->zone,
		    .values = &p->values,
		    .server = resolvers ? resolver : p->zone->server,
		    .servers = resolvers ? n : p->zone->servers,
		    .wait_for = o->cert->wait_for,
		    .deadline = deadline,
		    .first_ms = order_first_ms(o, p),
		    .settle_ms = resolvers ? 0 : order_settle_ms(o, p),
		};
		struct order_op *op = order_op(o, i);
		order_op_set(op, spread_new(o->e->loop, o->e->ask, &wish, spread_ended, value_vanished, op),
		             cancel_spread);
		op->waits_for = spread_waits_for;
	}
	zone_resolvers_free(resolver, n);
}

static void live_answered(void *arg, const struct pool_answer *answer);

/* index: of the authorization, and beyond them all of its other values. */
static void live_ask(struct order *o, size_t index)
{
	const struct order_txt *x = authz_put(&o->authz[index % o->authzs], index / o->authzs);

	assert(x && x->txt);
	const struct intent *i = txt_intent(x->txt);
	const struct pool_txt record = {i->zone, i->owner, i->value, i->handle, i->ttl};
	struct order_op *op = order_op(o, index);

	order_op_set(op, pool_live(o->e->pool, i->dns_account, &record, LIVE_MS, live_answered, op),
	             order_cancel_pool);
}

static void live_ask_again(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	loop_timer_free(op->handle);
	live_ask(o, order_op_end(op));
}

/* The servers that we can ask have it; a provider that knows of more (anycast) is waited for, but its
 * word is no condition when the time is over. */
static void live_answered(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	bool passing = answer->rc == POOL_OK || txt_rc_passes(answer->rc);

	if (passing && !answer->live && loop_now(o->e->loop) < o->live_until) {
		op = order_op(o, index);
		order_op_set(op, loop_timer_new(o->e->loop, live_ask_again, op), order_cancel_timer);
		loop_timer_set(op->handle, LIVE_AGAIN_MS);
	} else if (!answer->live) {
		order_event(o, EVENT_WARN, "live", NULL,
		            "%s: the provider does not say that it is everywhere: %s",
		            o->authz[index % o->authzs].label, answer->message ? answer->message : "not yet");
	}
}

static void authz_ask_live(struct order *o, size_t index)
{
	const struct order_place *p = &o->place[o->authz[index].place];
	const char *account;

	for (size_t n = 0; (account = place_dns_account(p, n)); n++) {
		const struct pool_hello *hello = pool_hello(o->e->pool, account);
		if (hello && hello->can_live)
			live_ask(o, n * o->authzs + index);
	}
}

void order_settle(struct order *o)
{
	o->live_until = order_spread_deadline(o);
	order_outwait_caches(o);
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].needed && o->authz[i].round == o->round)
			authz_ask_live(o, i);
}

static void value_removed(void *arg, enum txt_result result, enum pool_rc rc, const char *message)
{
	struct order_txt *x = arg;
	struct order *o = x->order;
	const struct intent *i = txt_intent(x->txt);

	x->removing = false;
	if (o->removing)
		o->removing--; /* not so when cleaning was cut short */
	if (!o->removing)
		order_give_room(o);
	if (result == TXT_DONE) {
		order_event(o, EVENT_INFO, "removed",
		            json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		            "%s: TXT record removed", i->owner);
	} else if (result == TXT_UNPROVED) {
		order_event(o, EVENT_INFO, "unproved",
		            json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		            "%s: %s; the next run looks again", i->owner, message);
	} else {
		o->owed = true;
		order_event(o, EVENT_WARN, "owed",
		            json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
		            "%s: TXT record %s is not removed yet: %s; `dnsproof clean` removes it", i->owner,
		            i->value, message ? message : "the provider gave no reason");
	}
	order_wake(o);
}

static void order_remove_value(struct order *o, struct order_txt *x, uint64_t deadline)
{
	if (!x->txt || x->removing || txt_intent(x->txt)->state == INTENT_GONE)
		return;
	x->op = NULL;
	x->removing = true;
	o->removing++;
	txt_remove(x->txt, deadline, value_removed, x);
}

static uint64_t order_removal_deadline(const struct order *o)
{
	return loop_now(o->e->loop) + (o->winding_down ? REMOVE_QUICK_MS : REMOVE_MS);
}

static void authz_remove_values(struct order *o, struct order_authz *a, uint64_t deadline)
{
	for (size_t n = 0; authz_put(a, n); n++)
		order_remove_value(o, authz_put(a, n), deadline);
}

void order_remove_round(struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++)
		if (o->authz[i].round == o->round)
			authz_remove_values(o, &o->authz[i], order_removal_deadline(o));
	order_withdraw(o, false);
}

void order_remove_values(struct order *o)
{
	uint64_t deadline = order_removal_deadline(o);

	if (o->removal_begun)
		return;
	o->removal_begun = true;
	for (size_t i = 0; i < o->authzs; i++)
		authz_remove_values(o, &o->authz[i], deadline);
	for (size_t i = 0; i < o->lefts; i++)
		order_remove_value(o, &o->left[i], deadline);
	order_withdraw(o, true);
	order_withdraw(o, false);
}

static bool value_waiting(struct order *o, const struct order_txt *x,
                          void (*fn)(struct order *o, const char *text))
{
	const struct intent *i = x->txt ? txt_intent(x->txt) : NULL;
	char *text;

	if (!i || (!x->op && !x->removing))
		return false;
	text = xasprintf("%s: waiting for DNS account %s to %s the TXT record%s%s", i->owner, i->dns_account,
	                 x->removing ? "remove" : "add", txt_words(x->txt) ? ", which failed before: " : "",
	                 txt_words(x->txt) ? txt_words(x->txt) : "");
	fn(o, text);
	free(text);
	return true;
}

unsigned order_values_waiting(struct order *o, unsigned most, void (*fn)(struct order *o, const char *text))
{
	unsigned lines = 0;

	for (size_t i = 0; i < o->authzs; i++)
		for (size_t n = 0; authz_put(&o->authz[i], n) && lines < most; n++)
			lines += value_waiting(o, authz_put(&o->authz[i], n), fn);
	for (size_t i = 0; i < o->lefts && lines < most; i++)
		lines += value_waiting(o, &o->left[i], fn);
	return lines;
}

static void order_hurry_removal(const struct order_txt *x, uint64_t deadline)
{
	if (x->removing)
		txt_hurry(x->txt, deadline);
}

void order_hurry_removals(struct order *o)
{
	uint64_t deadline = loop_now(o->e->loop) + REMOVE_QUICK_MS;

	for (size_t i = 0; i < o->authzs; i++)
		for (size_t n = 0; authz_put(&o->authz[i], n); n++)
			order_hurry_removal(authz_put(&o->authz[i], n), deadline);
	for (size_t i = 0; i < o->lefts; i++)
		order_hurry_removal(&o->left[i], deadline);
}
