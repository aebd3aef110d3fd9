#include "engine/zone/zone.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "common/mem.h"
#include "engine/zone/chain.h"
#include "engine/zone/cut.h"
#include "engine/zone/fixed.h"
#include "engine/zone/probe.h"
#include "engine/zone/resolved.h"
#include "engine/zone/result.h"
#include "engine/zone/walk.h"

#define QUESTIONS_MOST 128

enum progress {
	WALKING,
	ARRIVED, /* zone known; its servers may be incomplete, probes may be out */
	FAILED,  /* probes may be out, and one may still make it good */
};

struct probe {
	struct zone_query *query;
	size_t link;
	struct zone_probe *probe; /* NULL = answered or none */
};

struct zone_query {
	LIST_ENTRY(zone_query) entry;
	struct zone_finder *finder;
	struct zone_result *result;
	enum progress progress;
	unsigned budget, ms;
	struct loop_timer *deadline;
	struct zone_wait wait;
	struct zone_walk *walk;
	struct zone_resolved *resolved; /* instead of all of walk, probes and cut */
	struct probe probe[ZONE_LINKS_MOST];
	struct zone_cut *cut;
	enum zone_fault fault;
	char *why;
	bool fixed; /* it failed at servers that the operator named */
	struct strs lame;
	zone_fn *fn;
	void *arg;
};

struct zone_finder {
	struct zone_net net;
	struct zone_cuts *cuts;
	struct strs follow;
	LIST_HEAD(, zone_query) queries;
};

static void walk_done(void *arg, const struct zone_walked *walked);

struct zone_finder *zone_finder_new(struct loop *l, struct ask *ask, struct lookup *lookup,
                                    const struct strs *servers_for, struct err *e)
{
	struct zone_finder *f = xcalloc(1, sizeof(*f));

	f->net = (struct zone_net){.loop = l, .ask = ask, .lookup = lookup};
	LIST_INIT(&f->queries);
	f->cuts = zone_cuts_new(&f->net);
	for (size_t i = 0; servers_for != NULL && i < servers_for->n; i++) {
		if (!zone_fix(f->cuts, servers_for->at[i], e)) {
			zone_finder_free(f);
			return NULL;
		}
	}
	return f;
}

void zone_finder_follow(struct zone_finder *f, const struct strs *patterns)
{
	for (size_t i = 0; i < patterns->n; i++)
		strs_add(&f->follow, patterns->at[i]);
}

static void probes_stop(struct zone_query *q, size_t from)
{
	for (size_t i = from; i < ZONE_LINKS_MOST; i++) {
		zone_probe_free(q->probe[i].probe);
		q->probe[i].probe = NULL;
	}
}

void zone_cancel(struct zone_query *q)
{
	LIST_REMOVE(q, entry);
	probes_stop(q, 0);
	zone_walk_free(q->walk);
	zone_resolved_free(q->resolved);
	zone_cut_unwait(&q->wait);
	loop_timer_free(q->wait.kick);
	loop_timer_free(q->deadline);
	zone_result_free(q->result);
	strs_free(&q->lame);
	free(q->why);
	free(q);
}

void zone_finder_free(struct zone_finder *f)
{
	if (f == NULL)
		return;
	while (!LIST_EMPTY(&f->queries))
		zone_cancel(LIST_FIRST(&f->queries));
	zone_cuts_free(f->cuts);
	strs_free(&f->follow);
	free(f);
}

static void walk_start(struct zone_query *q, const char *name, bool upward)
{
	struct zone_walk_start start = {.net = &q->finder->net,
	                                .cuts = q->finder->cuts,
	                                .budget = &q->budget,
	                                .name = name,
	                                .upward = upward};

	zone_walk_free(q->walk);
	q->walk = zone_walk_new(&start, walk_done, q);
	q->progress = WALKING;
}

/* Where the TXT goes as far as is known: the end of the chain, or a name whose CNAME is a
 * wildcard's. */
static const char *query_owner(const struct zone_query *q)
{
	const struct zone_result *r = q->result;

	if (r->links > 0 && r->link[r->links - 1].kind == ZONE_WILDCARD_CNAME)
		return r->link[r->links - 1].owner;
	return zone_chain_end(r);
}

/* The result is told from the timer, so that fn may free anything. */
static void query_check(struct zone_query *q)
{
	loop_timer_set(q->wait.kick, 0);
}

static void query_fault(struct zone_query *q, enum zone_fault fault, char *why)
{
	free(q->why);
	q->why = why;
	q->fault = fault;
	q->progress = FAILED;
	query_check(q);
}

static void query_tell(struct zone_query *q)
{
	struct zone_result *r = q->result;
	zone_fn *fn = q->fn;
	void *arg = q->arg;

	q->result = NULL;
	zone_cancel(q);
	fn(arg, r);
}

static void query_found(struct zone_query *q)
{
	struct zone_result *r = q->result;

	r->owner = xstrdup(query_owner(q));
	zone_cut_tell(q->cut, r);
	for (size_t i = 0; i < q->lame.n; i++)
		zone_result_warn(r, "%s: name server %s", r->zone, q->lame.at[i]);
	if (r->servers == 0)
		zone_result_fail(r, ZONE_NO_SERVER,
		                 xasprintf("%s: the zone has no name server with an address", r->zone));
	query_tell(q);
}

static char *blocked_text(const char *why)
{
	return xasprintf("outbound port 53 looks blocked: no authoritative server answers at all.\n%s\n"
	                 "let UDP and TCP to port 53 out of this host, have its resolver alone asked with "
	                 "--wait-for resolver, or name servers that can be reached with --name-servers "
	                 "ZONE=ADDRESS",
	                 why);
}

static void query_failed(struct zone_query *q)
{
	char *why = xstrdup(q->why);

	if (q->fault == ZONE_NO_SERVER && !q->resolved && !q->fixed && q->finder->net.answered == 0 &&
	    q->result->links == 0) {
		q->fault = ZONE_BLOCKED;
		free(why);
		why = blocked_text(q->why);
	}
	zone_result_fail(q->result, q->fault, why);
	query_tell(q);
}

static bool probes_are_out(const struct zone_query *q)
{
	for (size_t i = 0; i < ZONE_LINKS_MOST; i++)
		if (q->probe[i].probe != NULL)
			return true;
	return false;
}

static void query_kick(void *arg)
{
	struct zone_query *q = arg;

	if (probes_are_out(q))
		return;
	if (q->progress == ARRIVED && zone_cut_is_complete(q->cut))
		query_found(q);
	else if (q->progress == FAILED)
		query_failed(q);
}

static void query_late(void *arg)
{
	struct zone_query *q = arg;
	char *what;

	if (q->progress == ARRIVED) {
		query_found(q);
		return;
	}
	if (q->progress == WALKING) {
		what = q->resolved != NULL ? zone_resolved_text(q->resolved) : zone_walk_text(q->walk);
		q->fixed = q->walk != NULL && zone_walk_is_fixed(q->walk);
		q->fault = ZONE_NO_SERVER;
		free(q->why);
		q->why = xasprintf("%s\n  (stopped after %u ms)", what, q->ms);
		free(what);
	}
	query_failed(q);
}

static void wildcard_take(struct zone_query *q, size_t link)
{
	struct zone_link *l = &q->result->link[link];

	probes_stop(q, link + 1);
	zone_result_cut_links(q->result, link + 1);
	l->kind = ZONE_WILDCARD_CNAME;
	zone_cut_unwait(&q->wait);
	zone_result_warn(q->result,
	                 "%s: its CNAME to %s is made by a wildcard; the TXT record goes to %s "
	                 "itself and overrides the wildcard there",
	                 l->owner, l->target, l->owner);
	walk_start(q, l->owner, true);
}

static bool link_is_named(const struct zone_query *q, size_t link)
{
	const struct strs *follow = &q->finder->follow;

	for (; link < q->result->links; link++)
		for (size_t i = 0; i < follow->n; i++)
			if (name_matches(q->result->link[link].target, follow->at[i]))
				return true;
	return false;
}

static void probe_done(void *arg, bool wildcard, const char *zone)
{
	struct probe *p = arg;
	struct zone_query *q = p->query;
	struct zone_link *l = &q->result->link[p->link];

	if (zone != NULL) {
		free(l->zone);
		l->zone = xstrdup(zone);
	}
	zone_probe_free(p->probe);
	p->probe = NULL;
	if (wildcard && !link_is_named(q, p->link))
		wildcard_take(q, p->link);
	query_check(q);
}

static void probe_start(struct zone_query *q, size_t link, const struct zone_walked *walked)
{
	struct probe *p = &q->probe[link];

	*p = (struct probe){.query = q, .link = link};
	p->probe = zone_probe_new(&q->finder->net, &q->budget, walked->cut, walked->peer,
	                          &q->result->link[link], probe_done, p);
}

static void lame_take(struct zone_query *q, const struct zone_walked *walked)
{
	for (size_t i = 0; walked->lame != NULL && i < walked->lame->n; i++)
		strs_add(&q->lame, walked->lame->at[i]);
}

static void link_take(struct zone_query *q, const struct zone_walked *walked)
{
	struct zone_result *result = q->result;
	size_t links = result->links;
	char *why = NULL;
	enum zone_fault fault = zone_chain_take(result, walked->reading, zone_cut_name(walked->cut), &why);

	if (result->links > links)
		probe_start(q, links, walked);
	if (fault != ZONE_FOUND)
		query_fault(q, fault, why);
	else
		walk_start(q, query_owner(q), false);
}

static void walk_done(void *arg, const struct zone_walked *walked)
{
	struct zone_query *q = arg;

	switch (walked->end) {
	case WALK_FAILED:
		q->fixed = walked->fixed;
		query_fault(q, walked->fault, xstrdup(walked->why));
		return;
	case WALK_LINK:
		link_take(q, walked);
		return;
	case WALK_APEX:
		free(q->result->zone);
		q->result->zone = xstrdup(walked->zone);
		strs_free(&q->lame);
		lame_take(q, walked);
		q->result->unregistered =
		    walked->nxdomain && name_labels(walked->zone) == 1 && !zone_cut_is_fixed(walked->cut);
		if (walked->no_aa)
			zone_result_warn(
			    q->result,
			    "%s: its name servers answer without the AA bit, all of them; accepted, as "
			    "CAs' resolvers do",
			    walked->zone);
		q->cut = walked->cut;
		q->progress = ARRIVED;
		zone_cut_wait(q->cut, &q->wait);
		zone_cut_want_own(q->cut);
		query_check(q);
		return;
	}
}

static struct zone_query *query_new(struct zone_finder *f, const char *name, unsigned ms, zone_fn *fn,
                                    void *arg)
{
	struct zone_query *q = xcalloc(1, sizeof(*q));

	q->finder = f;
	q->result = zone_result_new(name);
	q->budget = QUESTIONS_MOST;
	q->ms = ms;
	q->fn = fn;
	q->arg = arg;
	q->wait.kick = loop_timer_new(f->net.loop, query_kick, q);
	q->deadline = loop_timer_new(f->net.loop, query_late, q);
	LIST_INSERT_HEAD(&f->queries, q, entry);
	loop_timer_set(q->deadline, ms);
	return q;
}

struct zone_query *zone_find(struct zone_finder *f, const char *name, unsigned ms, zone_fn *fn, void *arg)
{
	struct zone_query *q = query_new(f, name, ms, fn, arg);

	walk_start(q, name, false);
	return q;
}

static void resolved_done(void *arg, enum zone_fault fault, char *why)
{
	struct zone_query *q = arg;

	if (fault == ZONE_FOUND)
		query_tell(q);
	else
		query_fault(q, fault, why);
}

struct zone_query *zone_find_recursive(struct zone_finder *f, const char *name, const struct strs *zones,
                                       const struct strs *targets, unsigned ms, zone_fn *fn, void *arg)
{
	struct zone_query *q = query_new(f, name, ms, fn, arg);
	const struct zone_resolved_start start = {.net = &f->net,
	                                          .cuts = f->cuts,
	                                          .budget = &q->budget,
	                                          .result = q->result,
	                                          .zones = zones,
	                                          .targets = targets};

	q->resolved = zone_resolved_new(&start, resolved_done, q);
	return q;
}

char *zone_waiting_text(const struct zone_query *q)
{
	if (q->resolved != NULL)
		return xasprintf("%s: waiting for the resolver to tell its zone", q->result->name);

	const char *zone = q->progress == WALKING && q->walk != NULL ? zone_walk_zone(q->walk) : NULL;

	if (zone == NULL)
		return xasprintf("%s: waiting for the name servers of its zone%s%s", q->result->name,
		                 q->result->zone != NULL ? " " : "",
		                 q->result->zone != NULL ? q->result->zone : "");
	if (zone_walk_is_looking(q->walk))
		return xasprintf("%s: waiting for the resolver to give the name servers of '%s'",
		                 q->result->name, zone);
	return xasprintf("%s: waiting for the name servers of %s", q->result->name,
	                 *zone != '\0' ? zone : "the root");
}
