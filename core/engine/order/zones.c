#include "engine/order/parts.h"

#include <stdlib.h>

#include "engine/pool/pool.h"

#define ZONE_MS            40000
#define CHECK_MS           20000
#define CHECK_TRIES        3
#define CHECK_AGAIN_MS     1000
#define CHECK_AGAIN_MOST_S 30

static void cancel_zone(void *handle)
{
	zone_cancel(handle);
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

static void place_check_later(struct order *o, size_t index, unsigned after_s)
{
	struct order_op *op = order_op(o, index);
	struct loop_timer *again = loop_timer_new(o->e->loop, place_check_now, op);

	if (after_s > CHECK_AGAIN_MOST_S)
		after_s = CHECK_AGAIN_MOST_S;
	order_op_set(op, again, order_cancel_timer);
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
	             order_cancel_pool);
}

static void place_unfound(struct order *o, size_t index);

static void host_looked_at(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (answer->rc == POOL_DEAD) {
		order_fail_config(o, "%s",
		                  answer->message ? answer->message : "the provider host does not start");
		return;
	}
	o->place[index].account++;
	place_unfound(o, index);
}

/* A name server may be the provider itself: why that did not start is the better reason. */
static void place_unfound(struct order *o, size_t index)
{
	struct order_place *p = &o->place[index];
	struct order_op *op;

	if (p->account == o->cert->dns.n) {
		order_fail(o, "%s", p->zone->message);
		return;
	}
	op = order_op(o, index);
	order_op_set(op, pool_warm(o->e->pool, o->cert->dns.at[p->account], host_looked_at, op),
	             order_cancel_pool);
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
		place_unfound(o, index);
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

static void host_started(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->rc == POOL_DEAD)
		order_fail_config(o, "%s",
		                  answer->message ? answer->message : "the provider host does not start");
}

void order_find_zones(struct order *o)
{
	if (o->cert->dns.n == 1) { /* no other could do it: no need to wait for silent servers */
		struct order_op *op = order_op(o, 0);
		order_op_set(op, pool_warm(o->e->pool, o->cert->dns.at[0], host_started, op),
		             order_cancel_pool);
	}
	for (size_t i = 0; i < o->places; i++) {
		struct order_op *op = order_op(o, i);
		order_op_set(op, zone_find(o->e->finder, o->place[i].challenge, ZONE_MS, place_found, op),
		             cancel_zone);
	}
}
