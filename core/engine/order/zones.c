#include "engine/order/parts.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/pool/pool.h"

#define ZONE_MS            40000
#define CHECK_MS           20000
#define CHECK_TRIES        3
#define SILENT_TRIES       2 /* of a host that died or had to be killed: each costs CHECK_MS */
#define CHECK_AGAIN_MS     1000
#define CHECK_AGAIN_MOST_S 30

static void cancel_zone(void *handle)
{
	zone_cancel(handle);
}

static char *zone_waits_for(const struct order_op *op)
{
	return zone_waiting_text(op->handle);
}

/* The longest zone that the account lists and that is `zone` or an ancestor of it; NULL if none. */
static const char *zone_listed(const struct job_dns *dns, const char *zone)
{
	const char *best = NULL;

	for (size_t i = 0; i < dns->zones.n; i++)
		if (name_is_below(zone, dns->zones.at[i]) &&
		    (!best || strlen(dns->zones.at[i]) > strlen(best)))
			best = dns->zones.at[i];
	return best;
}

/* How well an account fits a zone: the length of what it lists, 1 where it lists nothing, 0 = not at
 * all. A zone that some account lists is served by such accounts only. */
static size_t account_fits(const struct job_dns *dns, const char *zone, bool listed)
{
	const char *best = zone_listed(dns, zone);

	if (listed)
		return best ? strlen(best) + 2 : 0;
	return dns->zones.n == 0;
}

static bool zone_is_listed(const struct order *o, const char *zone)
{
	for (size_t i = 0; i < o->cert->dns.n; i++) {
		const struct job_dns *dns = job_dns(o->e->job, o->cert->dns.at[i]);

		if (dns && zone_listed(dns, zone))
			return true;
	}
	return false;
}

/* The n-th account that may serve the zone, those that list it longest first, else as they were given.
 * NULL at the end. */
static const char *order_account_for(const struct order *o, const char *zone, size_t n)
{
	bool listed = zone_is_listed(o, zone);
	size_t most = SIZE_MAX;

	for (;;) {
		size_t next = 0;

		for (size_t i = 0; i < o->cert->dns.n; i++) {
			const struct job_dns *dns = job_dns(o->e->job, o->cert->dns.at[i]);
			size_t fits = dns ? account_fits(dns, zone, listed) : 0;

			if (fits < most && fits > next)
				next = fits;
		}
		if (next == 0)
			return NULL;
		for (size_t i = 0; i < o->cert->dns.n; i++) {
			const struct job_dns *dns = job_dns(o->e->job, o->cert->dns.at[i]);

			if (dns && account_fits(dns, zone, listed) == next && n-- == 0)
				return dns->account;
		}
		most = next;
	}
}

static void place_accepted(struct order *o, const struct order_place *p)
{
	char *servers =
	    xasprintf("%zu server address%s", p->zone->servers, p->zone->servers == 1 ? "" : "es");

	order_event(o, EVENT_INFO, "zone",
	            json_pack("{s:s, s:s, s:s, s:I}", "name", p->challenge, "owner", p->zone->owner, "zone",
	                      p->zone->zone, "servers", (json_int_t)p->zone->servers),
	            "%s: zone %s, %s%s%s%s", p->challenge, p->zone->zone,
	            o->cert->wait_for == WAIT_FOR_RESOLVER ? "by the resolver" : servers,
	            p->zone->links ? ", TXT goes to " : "", p->zone->links ? p->zone->owner : "",
	            p->also.n ? ", at several providers" : "");
	free(servers);
}

/* "example.test" of "_acme-challenge.www.example.test": what is registered in a top-level domain. */
static const char *name_in_tld(const char *name)
{
	while (name_labels(name) > 2)
		name = name_parent(name);
	return name;
}

/* All accounts were asked. Where one of them failed for a reason that may pass, the next run goes on;
 * else a person must mend something first. */
static void place_refused(struct order *o, const struct order_place *p)
{
	char *chain = zone_chain_text(p->zone);
	const char *sep = *chain ? "\n" : "";
	struct buf b;
	char *words;

	buf_init(&b, 0);
	if (p->zone->unregistered && !zone_is_listed(o, p->zone->zone) && !p->may_pass)
		order_has_fault(o, ORDER_FAULT_ZONES);
	if (p->zone->unregistered && !zone_is_listed(o, p->zone->zone))
		buf_printf(&b, "%s does not exist in %s (NXDOMAIN); check the spelling\n",
		           name_in_tld(p->zone->owner), p->zone->zone);
	if (p->refusals.n == 1)
		buf_add_str(&b, p->refusals.at[0]);
	else
		buf_printf(&b, "no DNS account can serve the zone %s", p->zone->zone);
	for (size_t i = 0; i < p->refusals.n && p->refusals.n > 1; i++)
		buf_printf(&b, "\n  %s", p->refusals.at[i]);
	words = buf_take(&b);
	if (p->refusals.n == 1)
		order_blame_dns(o, p->asked, p->refused);
	if (p->may_pass) {
		o->resumable = true;
		order_fail(o, "%s: %s%s%s", p->challenge, words, sep, chain);
	} else {
		order_fail_config(o, "%s: %s%s%s", p->challenge, words, sep, chain);
	}
	free(words);
	free(chain);
}

static void place_check(struct order *o, size_t index);
static void place_check_later(struct order *o, size_t index, unsigned after_s);

static bool check_may_pass(enum pool_rc rc)
{
	return rc == POOL_TEMP || rc == POOL_RATE || rc == POOL_CONFLICT || rc == POOL_UNKNOWN;
}

static bool says_both(const struct order *o, const char *dns_account)
{
	const struct job_dns *dns = dns_account ? job_dns(o->e->job, dns_account) : NULL;

	return dns && dns->both;
}

/* Are several accounts to be written for the zone, or none? */
static bool zone_is_both(const struct order *o, const char *zone)
{
	const char *account;
	unsigned n = 0;

	for (size_t i = 0; (account = order_account_for(o, zone, i)); i++)
		n += says_both(o, account);
	return n > 1;
}

/* Who is asked next: each that may serve the zone until one does, then those that are written beside it. */
static const char *place_next(const struct order *o, struct order_place *p)
{
	const char *account;

	while ((account = order_account_for(o, p->zone->zone, p->account)) && p->dns_account &&
	       !(says_both(o, p->dns_account) && says_both(o, account)))
		p->account++;
	return account;
}

/* An account of several that has no say in the zone is not missed, unless it lists it. */
static bool place_is_broken(const struct order *o, const struct order_place *p, enum pool_rc rc)
{
	const char *zone = p->zone->zone;

	return says_both(o, p->asked) && zone_is_both(o, zone) &&
	       !(rc == POOL_NOZONE && !zone_listed(job_dns(o->e->job, p->asked), zone));
}

static void place_refusal(const struct order *o, struct order_place *p, const struct pool_answer *answer)
{
	const char *words = answer->message ? answer->message : "the provider refused";
	char *line;

	if (answer->rc == POOL_NOZONE && o->cert->dns.n == 1)
		line = xasprintf("no DNS account serves zone %s: %s", p->zone->zone, words);
	else if (o->cert->dns.n == 1)
		line = xstrdup(words);
	else
		line = xasprintf("%s: %s", p->asked, words);
	p->refused = answer->rc;
	p->may_pass |= check_may_pass(answer->rc) || answer->passes;
	strs_add(&p->refusals, line);
	free(line);
}

static void place_takes(struct order_place *p)
{
	if (p->dns_account)
		strs_add(&p->also, p->asked);
	else
		p->dns_account = p->asked;
	p->checks = 0;
	p->account++;
}

static void place_go_on(struct order *o, size_t index)
{
	struct order_place *p = &o->place[index];

	if (place_next(o, p))
		place_check(o, index);
	else if (p->dns_account)
		place_accepted(o, p);
	else
		place_refused(o, p);
}

static void place_checked(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);
	struct order_place *p = &o->place[index];

	if (answer->rc == POOL_OK) {
		place_takes(p);
		place_go_on(o, index);
		return;
	}
	if (check_may_pass(answer->rc) &&
	    ++p->checks < (answer->rc == POOL_UNKNOWN ? SILENT_TRIES : CHECK_TRIES)) {
		if (p->checks == 1)
			order_event(o, EVENT_WARN, "retry", NULL, "%s: %s: %s; trying again", p->challenge,
			            p->asked, answer->message ? answer->message : "no answer");
		place_check_later(o, index, answer->after_s);
		return;
	}
	place_refusal(o, p, answer);
	if (place_is_broken(o, p, answer->rc)) {
		place_refused(o, p);
		return;
	}
	p->checks = 0;
	p->account++;
	place_go_on(o, index);
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

static char *check_waits_for(const struct order_op *op)
{
	const struct order_place *p = &op->order->place[op->index];

	return xasprintf("%s: waiting for DNS account %s to say whether it can write zone %s", p->challenge,
	                 p->asked, p->zone->zone);
}

static void place_check(struct order *o, size_t index)
{
	struct order_place *p = &o->place[index];
	struct order_op *op = order_op(o, index);

	p->asked = order_account_for(o, p->zone->zone, p->account);
	order_op_set(
	    op, pool_check(o->e->pool, p->asked, p->zone->zone, p->zone->owner, CHECK_MS, place_checked, op),
	    order_cancel_pool);
	op->waits_for = check_waits_for;
}

static void place_unfound(struct order *o, size_t index);

/* What stands in DNS is wrong: it does not pass by itself. */
static bool chain_is_wrong(enum zone_fault fault)
{
	return fault == ZONE_LOOP || fault == ZONE_TOO_LONG || fault == ZONE_BELOW_DNAME;
}

/* The failure of the order when no host comes up. */
static void host_is_dead(struct order *o, const char *dns_account, const struct pool_answer *answer)
{
	const char *why = answer->message ? answer->message : "the provider host does not start";

	order_blame_dns(o, dns_account, answer->rc);
	if (answer->passes)
		order_fail_resumable(o, "%s", why);
	else
		order_fail_config(o, "%s", why);
}

static void host_looked_at(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;
	size_t index = order_op_end(op);

	if (answer->rc == POOL_DEAD) {
		host_is_dead(o, o->cert->dns.at[o->place[index].account], answer);
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
		if (chain_is_wrong(p->zone->fault)) {
			order_has_fault(o, ORDER_FAULT_ZONES);
			order_fail_config(o, "%s", p->zone->message);
		} else {
			order_fail(o, "%s", p->zone->message);
		}
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
	if (result->cut_short && o->cert->wait_for == WAIT_FOR_ALL) {
		order_fail_config(
		    o,
		    "%s: the zone %s has more name servers than are asked, so that --wait-for all "
		    "cannot be held; take some out of its NS records, or use --wait-for reachable",
		    p->challenge, result->zone);
		return;
	}
	if (order_account_for(o, result->zone, 0)) {
		place_check(o, index);
		return;
	}
	char *chain = zone_chain_text(result);
	if (result->unregistered)
		order_has_fault(o, ORDER_FAULT_ZONES);
	order_fail_config(o,
	                  "%s: no DNS account serves zone %s; --zone of the accounts given lists others%s%s",
	                  p->challenge, result->zone, *chain ? "\n" : "", chain);
	free(chain);
}

static void host_started(void *arg, const struct pool_answer *answer)
{
	struct order_op *op = arg;
	struct order *o = op->order;

	order_op_end(op);
	if (answer->rc == POOL_DEAD)
		host_is_dead(o, o->cert->dns.at[0], answer);
}

/* What the certificate's DNS accounts list and allow tells the resolvers' way where to begin and to end. */
static struct zone_query *zone_search(const struct order *o, const char *name, struct order_op *op)
{
	struct strs zones = {0}, targets = {0};
	struct zone_query *q;

	if (o->cert->wait_for != WAIT_FOR_RESOLVER)
		return zone_find(o->resolution->finder, name, ZONE_MS, place_found, op);
	for (size_t i = 0; i < o->cert->dns.n; i++) {
		const struct job_dns *dns = job_dns(o->e->job, o->cert->dns.at[i]);

		for (size_t k = 0; dns && k < dns->zones.n; k++)
			strs_add(&zones, dns->zones.at[k]);
		for (size_t k = 0; dns && k < dns->targets.n; k++)
			strs_add(&targets, dns->targets.at[k]);
	}
	q = zone_find_recursive(o->resolution->finder, name, &zones, &targets, ZONE_MS, place_found, op);
	strs_free(&zones);
	strs_free(&targets);
	return q;
}

void order_find_zone(struct order *o, size_t place)
{
	struct order_op *op = order_op(o, place);

	order_op_set(op, zone_search(o, o->place[place].challenge, op), cancel_zone);
	op->waits_for = zone_waits_for;
}

void order_find_zones(struct order *o)
{
	if (o->cert->dns.n == 1) { /* no other could do it: no need to wait for silent servers */
		struct order_op *op = order_op(o, 0);
		order_op_set(op, pool_warm(o->e->pool, o->cert->dns.at[0], host_started, op),
		             order_cancel_pool);
	}
	for (size_t i = 0; i < o->places; i++)
		order_find_zone(o, i);
}
