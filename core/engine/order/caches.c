#include "engine/order/parts.h"

#include "common/mem.h"
#include "engine/journal/seen.h"

#define SPARE_S 1 /* caches count in seconds of their own clock */

const char *order_directory(const struct order *o)
{
	return job_ca(o->e->job, o->row.ca_account)->directory;
}

static unsigned order_cache_s(const struct order *o)
{
	return job_ca(o->e->job, o->row.ca_account)->cache_s;
}

/* A set that stood there before keeps its own TTL, which may be longer than the one we asked for. */
static unsigned place_ttl(const struct order_place *p, const struct intent *t)
{
	return p->ttl > t->ttl ? p->ttl : t->ttl;
}

void order_note_seen(struct order *o)
{
	for (size_t i = 0; i < o->authzs; i++) {
		const struct order_authz *a = &o->authz[i];

		if (!a->needed || a->round > o->round || !a->put.txt)
			continue;
		const struct intent *t = txt_intent(a->put.txt);
		seen_store(o->e->turn, order_directory(o), t->owner, loop_wall(o->e->loop),
		           place_ttl(&o->place[a->place], t));
	}
}

/* Seconds until the CA's caches have forgotten the set that was at the place before; nothing for values that
 * stood there already. The second try waits for all that a cache can hold: others, whose journals we do not
 * see, may have filled it just before our value was visible. */
static int64_t place_wait_s(const struct order *o, const struct order_authz *a)
{
	const struct order_place *p = &o->place[a->place];
	unsigned cache = order_cache_s(o), ttl = place_ttl(p, txt_intent(a->put.txt));
	int64_t until = seen_until(o->e->turn, order_directory(o), p->zone->owner, cache);
	int64_t left = until + SPARE_S - loop_wall(o->e->loop);

	if (a->was_there)
		return 0;
	if (o->second_try)
		return (ttl < cache ? ttl : cache) + SPARE_S;
	if (!until || left <= 0)
		return 0;
	return left > cache + SPARE_S ? cache + SPARE_S : left; /* the clock was set back */
}

static void caches_over(void *arg)
{
	struct order_op *op = arg;

	loop_timer_free(op->handle);
	order_op_end(op);
}

static char *caches_waiting(const struct order_op *op)
{
	const struct order *o = op->order;
	uint64_t now = loop_now(o->e->loop), left = o->caches_until > now ? o->caches_until - now : 0;

	return xasprintf(
	    "%s: waiting for the cache of the CA's resolver to forget an older answer; %u:%02u left",
	    o->cert->id, (unsigned)(left / 60000), (unsigned)(left / 1000 % 60));
}

/* Between spread and challenge: what the servers show is not what the CA sees while its resolver's cache holds
 * the old set. */
void order_outwait_caches(struct order *o)
{
	int64_t longest = 0;
	const char *owner = NULL;

	for (size_t i = 0; i < o->authzs; i++) {
		const struct order_authz *a = &o->authz[i];
		int64_t wait = a->needed && a->round == o->round ? place_wait_s(o, a) : 0;

		if (wait > longest) {
			longest = wait;
			owner = o->place[a->place].zone->owner;
		}
	}
	if (!longest)
		return;
	order_event(o, EVENT_INFO, "waiting",
	            json_pack("{s:s, s:I}", "owner", owner, "ms", (json_int_t)longest * 1000),
	            "%s: waiting %d s, the CA's resolver may still have the old answer", owner, (int)longest);
	struct order_op *op = order_op(o, 0);
	order_op_set(op, loop_timer_new(o->e->loop, caches_over, op), order_cancel_timer);
	op->waits_for = caches_waiting;
	o->caches_until = loop_now(o->e->loop) + (uint64_t)longest * 1000;
	loop_timer_set(op->handle, (uint64_t)longest * 1000);
}
