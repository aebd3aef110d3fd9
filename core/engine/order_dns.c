#include "engine/order_parts.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/mem.h"
#include "engine/memory.h"
#include "engine/pool.h"
#include "engine/spread.h"

#define ZONE_MS            40000
#define CHECK_MS           20000
#define CHECK_TRIES        3
#define CHECK_AGAIN_MS     1000
#define CHECK_AGAIN_MOST_S 30
#define REMOVE_MS          60000
#define REMOVE_QUICK_MS    20000 /* after a signal */
#define AUTHZ_SPARE_S      300   /* spreading ends so long before the authorization does */
#define FIRST_LEAST_MS     50
#define VANISHED_MOST      3

static void cancel_zone(void *handle)
{
	zone_cancel(handle);
}

static void cancel_pool(void *handle)
{
	pool_cancel(handle);
}

static void cancel_spread(void *handle)
{
	spread_free(handle);
}

/* The n-th account that may serve the zone: those that list it first, then those that list none. NULL
 * at the end. */
static const char *order_account_for(const struct order *o, const char *zone, size_t n)
{
	for (int listed = 1; listed >= 0; listed--)
		for (size_t i = 0; i < o->cert->dns.n; i++) {
			const struct job_dns *dns = job_dns(o->e->job, o->cert->dns.at[i]);
			bool fits = dns && (listed ? strs_has(&dns->zones, zone) : !dns->zones.n);
			if (fits && n-- == 0)
				return dns->account;
		}
	return NULL;
}

static void place_accepted(struct order *o, const struct order_place *p)
{
	order_event(o, EVENT_INFO, "zone",
		    json_pack("{s:s, s:s, s:s, s:I}", "name", p->challenge, "owner", p->zone->owner, "zone",
			      p->zone->zone, "servers", (json_int_t)p->zone->servers),
		    "%s: zone %s, %zu server addresses%s%s", p->challenge, p->zone->zone, p->zone->servers,
		    p->zone->links ? ", TXT goes to " : "", p->zone->links ? p->zone->owner : "");
}

static void place_refused(struct order *o, const struct order_place *p, const struct pool_answer *answer)
{
	char *chain = zone_chain_text(p->zone);
	const char *words = answer->message ? answer->message : "the provider refused";

	if (answer->rc == POOL_DEAD) {
		order_fail_config(o, "%s", words);
	} else if (answer->rc == POOL_REFUSED) {
		order_fail_config(o, "%s: %s%s%s", p->challenge, words, *chain ? "\n" : "", chain);
	} else if (answer->rc == POOL_NOZONE) {
		order_fail(o, "%s: no DNS account serves zone %s: %s%s%s", p->challenge, p->zone->zone, words,
			   *chain ? "\n" : "", chain);
	} else {
		order_fail(o, "%s: %s%s%s", p->challenge, words, *chain ? "\n" : "", chain);
	}
	free(chain);
}

static void place_check(struct order *o, size_t index);
static void place_check_later(struct order *o, size_t index, unsigned after_s);

static void place_checked(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	struct order_place *p = &o->place[index];

	switch (answer->rc) {
	case POOL_OK:
		place_accepted(o, p);
		break;
	case POOL_TEMP:
	case POOL_RATE:
	case POOL_CONFLICT:
	case POOL_UNKNOWN:
		if (++p->checks < CHECK_TRIES) {
			place_check_later(o, index, answer->after_s);
			break;
		}
		o->resumable = true;
		place_refused(o, p, answer);
		break;
	case POOL_NOZONE:
		if (order_account_for(o, p->zone->zone, p->account + 1)) {
			p->account++;
			place_check(o, index);
			break;
		}
		/* fall through */
	default:
		place_refused(o, p, answer);
	}
}

static void place_check_now(void *arg)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = op->index;

	loop_timer_free(op->handle);
	order_op_end(op);
	place_check(o, index);
}

static void cancel_timer(void *handle)
{
	loop_timer_free(handle);
}

static void place_check_later(struct order *o, size_t index, unsigned after_s)
{
	struct order_op *op = order_op(o, index);
	struct loop_timer *again = loop_timer_new(o->e->loop, place_check_now, op);

	if (after_s > CHECK_AGAIN_MOST_S)
		after_s = CHECK_AGAIN_MOST_S;
	order_op_set(op, again, cancel_timer);
	loop_timer_set(again, after_s ? after_s * 1000 : CHECK_AGAIN_MS);
}

static void place_check(struct order *o, size_t index)
{
	struct order_place *p = &o->place[index];
	struct order_op *op = order_op(o, index);

	p->dns_account = order_account_for(o, p->zone->zone, p->account);
	order_op_set(op,
		     pool_check(o->e->pool, p->dns_account, p->zone->zone, p->zone->owner, CHECK_MS,
				place_checked, op),
		     cancel_pool);
}

static void place_found(void *arg, struct zone_result *result)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	struct order_place *p = &o->place[index];

	p->zone = result;
	for (size_t i = 0; i < result->warnings.n; i++)
		order_event(o, EVENT_WARN, "zone-warning", NULL, "%s", result->warnings.at[i]);
	if (result->fault != ZONE_FOUND) {
		order_fail(o, "%s", result->message);
		return;
	}
	if (order_account_for(o, result->zone, 0)) {
		place_check(o, index);
		return;
	}
	char *chain = zone_chain_text(result);
	order_fail_config(o, "%s: no DNS account serves zone %s%s%s", p->challenge, result->zone,
			  *chain ? "\n" : "", chain);
	free(chain);
}

void order_find_zones(struct order *o)
{
	for (size_t i = 0; i < o->places; i++) {
		struct order_op *op = order_op(o, i);
		order_op_set(op, zone_find(o->e->finder, o->place[i].challenge, ZONE_MS, place_found, op),
			     cancel_zone);
	}
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
		order_event(o, EVENT_INFO, "added", json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
			    "%s: TXT value put", i->owner);
		return;
	}
	o->resumable = rc == POOL_TEMP || rc == POOL_RATE || rc == POOL_CONFLICT || rc == POOL_UNKNOWN;
	order_fail(o, "%s: TXT value not put by %s: %s", i->owner, i->dns_account,
		   message ? message : "the provider gave no reason");
}

/* A value that the resumed run had put already keeps its row. */
static struct txt *order_take_left(struct order *o, const struct intent *i)
{
	for (size_t n = 0; n < o->lefts; n++) {
		struct txt *txt = o->left[n].txt;
		const struct intent *old = txt ? txt_intent(txt) : NULL;
		if (old && strcmp(old->dns_account, i->dns_account) == 0 && strcmp(old->owner, i->owner) == 0 &&
		    strcmp(old->value, i->value) == 0) {
			o->left[n].txt = NULL;
			return txt;
		}
	}
	return NULL;
}

static unsigned order_ttl(const struct order *o, const char *dns_account)
{
	const struct pool_hello *hello = pool_hello(o->e->pool, dns_account);

	return hello && hello->least_ttl > o->cert->ttl ? hello->least_ttl : o->cert->ttl;
}

static void order_put_value(struct order *o, struct order_name *n)
{
	struct order_place *p = &o->place[n->place];
	const struct intent i = {
	    .order = o->row.id,
	    .run = o->e->job->run,
	    .name = n->name,
	    .dns_account = (char *)p->dns_account,
	    .zone = p->zone->zone,
	    .owner = p->zone->owner,
	    .value = n->value,
	    .ttl = order_ttl(o, p->dns_account),
	};

	strs_add(&p->values, n->value);
	n->put.txt = order_take_left(o, &i);
	if (!n->put.txt)
		n->put.txt = txt_new(&o->e->txt_world, &i);
	n->put.op = order_op(o, 0);
	order_op_set(n->put.op, &n->put, cancel_put);
	txt_put(n->put.txt, loop_now(o->e->loop) + o->cert->timeout_ms, value_put, &n->put);
}

void order_put_values(struct order *o)
{
	for (size_t i = 0; i < o->names; i++)
		if (o->name[i].needed)
			order_put_value(o, &o->name[i]);
}

static void spread_ended(void *arg, const struct spread_result *result)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	struct spread *spread = op->handle;
	const struct order_place *p = &o->place[order_op_end(op)];
	json_t *matrix = json_pack("{s:s, s:O, s:i}", "owner", p->zone->owner, "matrix", result->matrix,
				   "took_ms", (int)result->took_ms);

	for (size_t i = 0; i < result->warnings->n; i++)
		order_event(o, EVENT_WARN, "spread-warning", NULL, "%s", result->warnings->at[i]);
	order_event(o, EVENT_DEBUG, "matrix", matrix, "%s: what each server said", p->zone->owner);
	if (result->end == SPREAD_DONE) {
		spread_learn(o->e->turn, p->zone->zone, result->took_ms);
		order_event(o, EVENT_INFO, "spread",
			    json_pack("{s:s, s:i}", "owner", p->zone->owner, "took_ms", (int)result->took_ms),
			    "%s: all servers show it after %u.%03u s", p->zone->owner, result->took_ms / 1000,
			    result->took_ms % 1000);
	} else {
		order_fail(o, "%s", result->message);
	}
	spread_free(spread);
}

static void value_vanished(void *arg, const char *value, const char *server)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	for (size_t i = 0; i < o->names; i++) {
		struct order_name *n = &o->name[i];
		if (n->place != op->index || !n->put.txt || strcmp(n->value, value) != 0)
			continue;
		if (n->put.vanished++ >= VANISHED_MOST) {
			order_fail(o, "%s: the TXT value keeps vanishing from %s: another program seems to "
				   "remove it", txt_intent(n->put.txt)->owner, server);
			return;
		}
		order_event(o, EVENT_WARN, "vanished", NULL, "%s: the TXT value vanished from %s, put again",
			    txt_intent(n->put.txt)->owner, server);
		txt_put(n->put.txt, loop_now(o->e->loop) + o->cert->timeout_ms, value_put, &n->put);
		return;
	}
}

/* --timeout, or the first authorization's expiry less five minutes. */
static uint64_t order_spread_deadline(const struct order *o)
{
	uint64_t ms = o->cert->timeout_ms;

	for (size_t i = 0; i < o->names; i++) {
		const struct acme_authz *a = o->name[i].authz;
		if (!o->name[i].needed || !a->expires)
			continue;
		int64_t left = a->expires - AUTHZ_SPARE_S - time(NULL);
		if (left < 1)
			left = 1;
		if ((uint64_t)left * 1000 < ms)
			ms = (uint64_t)left * 1000;
	}
	return loop_now(o->e->loop) + ms;
}

static unsigned order_first_ms(const struct order *o, const char *zone)
{
	unsigned half = spread_learned_ms(o->e->turn, zone) / 2;

	return half < FIRST_LEAST_MS ? 0 : half;
}

void order_spread_values(struct order *o)
{
	uint64_t deadline = order_spread_deadline(o);

	for (size_t i = 0; i < o->places; i++) {
		const struct order_place *p = &o->place[i];
		if (!p->values.n)
			continue;
		const struct pool_hello *hello = pool_hello(o->e->pool, p->dns_account);
		const struct spread_wish wish = {
		    .owner = p->zone->owner,
		    .zone = p->zone->zone,
		    .values = &p->values,
		    .server = p->zone->server,
		    .servers = p->zone->servers,
		    .policy = o->cert->policy,
		    .deadline = deadline,
		    .first_ms = order_first_ms(o, p->zone->zone),
		    .settle_ms = hello ? hello->settle_ms : 0,
		};
		struct order_op *op = order_op(o, i);
		order_op_set(op,
			     spread_new(o->e->loop, o->e->ask, &wish, spread_ended, value_vanished, op),
			     cancel_spread);
	}
}

static void value_removed(void *arg, enum txt_result result, enum pool_rc rc, const char *message)
{
	struct order_txt *x = arg;
	struct order *o = x->order;
	const struct intent *i = txt_intent(x->txt);

	if (o->removing)
		o->removing--; /* not so when cleaning was cut short */
	if (result == TXT_DONE) {
		order_event(o, EVENT_INFO, "removed",
			    json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
			    "%s: TXT value removed", i->owner);
	} else {
		o->owed = true;
		order_event(o, EVENT_WARN, "owed", json_pack("{s:s, s:s}", "owner", i->owner, "value", i->value),
			    "%s: TXT value %s is still owed: %s; `dnsproof clean` removes it", i->owner, i->value,
			    message ? message : "the provider gave no reason");
	}
	order_wake(o);
}

static void order_remove_value(struct order *o, struct order_txt *x, uint64_t deadline)
{
	if (!x->txt)
		return;
	x->op = NULL;
	o->removing++;
	txt_remove(x->txt, deadline, value_removed, x);
}

void order_remove_values(struct order *o)
{
	uint64_t deadline = loop_now(o->e->loop) + (o->winding_down ? REMOVE_QUICK_MS : REMOVE_MS);

	if (o->removal_begun)
		return;
	o->removal_begun = true;
	for (size_t i = 0; i < o->names; i++)
		order_remove_value(o, &o->name[i].put, deadline);
	for (size_t i = 0; i < o->lefts; i++)
		order_remove_value(o, &o->left[i], deadline);
}
