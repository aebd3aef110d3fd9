/* The scripted world's DNS: zones, servers that show a value after a while, resolvers. */
#include "order_world_parts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/mem.h"
#include "engine/acme/ca_account.h"
#include "engine/dns/ask.h"
#include "engine/peers/launcher.h"
#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/schema.h"
#include "engine/dns/lookup.h"
#include "engine/journal/runs.h"
#include "engine/peers/keeper.h"
#include "engine/spread/spread.h"
#include "engine/journal/turn.h"
#include "engine/zone/zone.h"
#include "fake_loop.h"

#define STEP_MS 5 /* every answer of the world takes so long */

struct zone_finder {
	char *servers; /* the first */
};

struct zone_finder *zone_finder_new(struct loop *l, struct ask *ask, struct lookup *lookup,
                                    const struct strs *servers_for, struct err *e)
{
	struct zone_finder *f = xcalloc(1, sizeof(*f));

	f->servers = xstrdup(servers_for->n ? servers_for->at[0] : "any");
	return f;
}

void zone_finder_follow(struct zone_finder *f, const struct strs *patterns)
{
}

void zone_finder_free(struct zone_finder *f)
{
	if (f)
		free(f->servers);
	free(f);
}

static void zone_answers(struct later *l)
{
	struct zone_result *r = xcalloc(1, sizeof(*r));
	zone_fn *fn = (zone_fn *)l->callback;
	void *arg = l->arg;

	r->name = xstrdup(l->text);
	r->owner = xstrdup(world.target ? world.target : l->text);
	r->zone = xstrdup("example.test");
	r->cut_short = world.cut_short;
	r->unregistered = world.unregistered;
	if (world.no_server) {
		r->fault = ZONE_NO_SERVER;
		r->message = xstrdup("no name server answers");
	}
	later_free(l);
	fn(arg, r);
}

struct zone_query *zone_find(struct zone_finder *f, const char *name, unsigned ms, zone_fn *fn, void *arg)
{
	char *text = xasprintf("%s at %s", name, f->servers);

	strs_add(&world.looked_up, text);
	free(text);
	return (struct zone_query *)later(zone_answers, (void *)fn, arg, name);
}

struct zone_query *zone_find_recursive(struct zone_finder *f, const char *name, const struct strs *zones,
                                       const struct strs *targets, unsigned ms, zone_fn *fn, void *arg)
{
	world.recursive++;
	world.zones_told = zones->n;
	world.targets_told = targets->n;
	return zone_find(f, name, ms, fn, arg);
}

void zone_cancel(struct zone_query *q)
{
	later_free((struct later *)q);
}

char *zone_waiting_text(const struct zone_query *q)
{
	return xstrdup("waiting for a zone");
}

void zone_result_free(struct zone_result *r)
{
	if (!r)
		return;
	free(r->name);
	free(r->owner);
	free(r->zone);
	free(r->message);
	free(r);
}

char *zone_chain_text(const struct zone_result *r)
{
	return xstrdup("");
}

struct spread {
	struct loop_timer *timer;
	uint64_t began, deadline;
	char *owner;
	struct strs values;
	bool absent;
	spread_fn *fn;
	spread_vanished_fn *vanished;
	void *arg;
};

static bool spread_agrees(const struct spread *s)
{
	bool agrees = true;

	for (size_t i = 0; i < s->values.n; i++) {
		char *record = xasprintf("%s %s", s->owner, s->values.at[i]);
		if (strs_has(&world.store, record) == s->absent)
			agrees = false;
		free(record);
	}
	return agrees;
}

static void spread_tick(void *arg)
{
	struct spread *s = arg;
	struct strs none = {0};
	uint64_t now = loop_now(order_world_engine.loop);
	bool done =
	    spread_agrees(s) && (s->absent || (!world.spread_never && now >= s->began + world.spread_ms));
	static const struct zone_server ns1 = {.name = (char *)"ns1"};
	struct spread_result result = {.end = done ? SPREAD_DONE : SPREAD_TIMEOUT,
	                               .witness = done ? &ns1 : NULL,
	                               .stale = !done,
	                               .early = world.early,
	                               .good = done,
	                               .asked = 1,
	                               .ttl = world.set_ttl,
	                               .message = done ? NULL : "ns1: still without it",
	                               .warnings = &none,
	                               .took_ms = (unsigned)(now - s->began)};

	if (world.vanish) {
		char *record = xasprintf("%s %s", s->owner, s->values.at[0]);
		world.vanish = false;
		order_world_drop(record);
		free(record);
		loop_timer_set(s->timer, 100);
		s->vanished(s->arg, s->values.at[0], "ns1");
	} else if (done || now >= s->deadline) {
		result.matrix = json_array();
		json_t *matrix = result.matrix;
		s->fn(s->arg, &result);
		json_decref(matrix);
	} else {
		loop_timer_set(s->timer, 100);
	}
}

struct spread *spread_new(struct loop *l, struct ask *ask, const struct spread_wish *wish, spread_fn *fn,
                          spread_vanished_fn *vanished, void *arg)
{
	struct spread *s = xcalloc(1, sizeof(*s));

	*s = (struct spread){.began = loop_now(l),
	                     .deadline = wish->deadline,
	                     .owner = xstrdup(wish->owner),
	                     .absent = wish->absent,
	                     .fn = fn,
	                     .vanished = vanished,
	                     .arg = arg};
	world.spread_asked = wish->servers;
	if (!wish->absent) {
		world.settled_ms = wish->settle_ms;
		world.spread_whom = wish->wait_for;
		world.first_ms = wish->first_ms;
	}
	world.proofs += wish->absent;
	for (size_t i = 0; i < wish->values->n; i++)
		strs_add(&s->values, wish->values->at[i]);
	s->timer = loop_timer_new(l, spread_tick, s);
	loop_timer_set(s->timer, 0);
	return s;
}

char *spread_waiting_text(const struct spread *s)
{
	return xasprintf("%s: waiting for ns1", s->owner);
}

void spread_free(struct spread *s)
{
	if (!s)
		return;
	loop_timer_free(s->timer);
	strs_free(&s->values);
	free(s->owner);
	free(s);
}

struct ask *ask_new(struct loop *l)
{
	return NULL;
}

void ask_free(struct ask *a)
{
}

struct lookup *lookup_new(struct loop *l, const struct strs *resolvers, struct err *e)
{
	return (struct lookup *)&world;
}

size_t lookup_resolvers(const struct lookup *k, struct sockaddr_storage **at)
{
	*at = xcalloc(1, sizeof(**at));
	(*at)->ss_family = AF_INET;
	return 1;
}

void lookup_free(struct lookup *k)
{
}

/* What is announced while the pool is called. */
void order_world_note_announced(bool is_add)
{
	world.announced_calls[is_add] += world.announced[is_add] > 0;
	if (!is_add && world.announced[1] > world.announced_at_del)
		world.announced_at_del = world.announced[1];
}

void pool_announce(struct pool *p, const char *account, const char *zone, bool is_add)
{
	if (++world.announced[is_add] > world.most_announced[is_add])
		world.most_announced[is_add] = world.announced[is_add];
}

void pool_withdraw(struct pool *p, const char *account, const char *zone, bool is_add)
{
	assert(world.announced[is_add]);
	world.announced[is_add]--;
}
