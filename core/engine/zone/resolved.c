#include "engine/zone/resolved.h"

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "engine/zone/chain.h"
#include "engine/zone/resolvers.h"

#define ROUNDS   3    /* all resolvers are asked so often */
#define PAUSE_MS 1000 /* between two rounds, then doubled */

enum step {
	STEP_LINK,   /* the CNAME at the end of the chain */
	STEP_LISTED, /* the SOA of a zone that a DNS account lists */
	STEP_APEX,   /* the SOA of name after name, upward */
};

struct zone_resolved {
	struct zone_resolved_start start;
	struct strs zones, targets;
	struct zone_server *resolver;
	size_t resolvers;
	enum step step;
	char *name; /* asked about */
	struct zone_race *race;
	struct loop_timer *timer; /* begins, and asks again */
	unsigned rounds;
	bool may_pass; /* some resolver may answer better next time */
	bool nxdomain; /* the last name below the zone does not exist */
	struct strs said;
	zone_resolved_fn *fn;
	void *arg;
};

static bool resolver_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer);

static void resolved_end(struct zone_resolved *r, enum zone_fault fault, char *why)
{
	loop_timer_stop(r->timer);
	r->fn(r->arg, fault, why);
}

static void resolved_found(struct zone_resolved *r, const char *zone)
{
	struct zone_result *result = r->start.result;

	result->owner = xstrdup(zone_chain_end(result));
	result->zone = xstrdup(zone);
	result->unregistered = r->nxdomain && name_labels(zone) == 1;
	resolved_end(r, ZONE_FOUND, NULL);
}

static void resolvers_ask(void *arg)
{
	struct zone_resolved *r = arg;

	strs_free(&r->said);
	r->may_pass = false;
	zone_race_free(r->race);
	r->race = zone_race_new(r->start.net, r->start.budget, r->name,
	                        r->step == STEP_LINK ? DNS_CNAME : DNS_SOA, 0, resolver_answer, r);
	zone_race_recursive(r->race);
	for (size_t i = 0; i < r->resolvers; i++)
		zone_race_add(r->race, r->resolver[i].name, &r->resolver[i].address);
	zone_race_close(r->race);
}

static void name_ask(struct zone_resolved *r, enum step step, const char *name)
{
	char *copy = xstrdup(name);

	free(r->name);
	r->name = copy;
	r->step = step;
	r->rounds = 0;
	resolvers_ask(r);
}

/* The longest that is the name or an ancestor of it; NULL if none. */
static const char *zone_listed(const struct zone_resolved *r, const char *name)
{
	const char *best = NULL;

	for (size_t i = 0; i < r->zones.n; i++)
		if (name_is_below(name, r->zones.at[i]) &&
		    (best == NULL || strlen(r->zones.at[i]) > strlen(best)))
			best = r->zones.at[i];
	return best;
}

/* The owner itself is not asked about: nothing is there yet. */
static void apex_search(struct zone_resolved *r)
{
	name_ask(r, STEP_APEX, name_parent(zone_chain_end(r->start.result)));
}

static void zone_search(struct zone_resolved *r)
{
	const char *owner = zone_chain_end(r->start.result);
	const char *fixed = zone_cuts_fixed(r->start.cuts, owner), *listed = zone_listed(r, owner);

	r->nxdomain = false; /* what was said about the owner says nothing about the names above */
	if (fixed != NULL)
		resolved_found(r, fixed);
	else if (listed != NULL && strcmp(listed, owner) == 0)
		resolved_found(r, listed);
	else if (listed != NULL)
		name_ask(r, STEP_LISTED, listed);
	else
		apex_search(r);
}

static void parent_ask(struct zone_resolved *r)
{
	const char *parent = name_parent(r->name);

	if (parent == NULL || *parent == '\0')
		resolved_end(r, ZONE_ERROR,
		             xasprintf("%s: the resolver tells no zone above it (no SOA record); give its "
		                       "zone with --zone",
		                       zone_chain_end(r->start.result)));
	else
		name_ask(r, STEP_APEX, parent);
}

static bool name_is_target(const struct zone_resolved *r, const char *name)
{
	for (size_t i = 0; i < r->targets.n; i++)
		if (name_matches(name, r->targets.at[i]))
			return true;
	return false;
}

static void link_take(struct zone_resolved *r, const struct zone_reading *reading)
{
	struct zone_result *result = r->start.result;
	char *why = NULL;
	enum zone_fault fault = zone_chain_take(result, reading, NULL, &why);

	if (fault != ZONE_FOUND)
		resolved_end(r, fault, why);
	else if (name_is_target(r, zone_chain_end(result)))
		zone_search(r);
	else
		name_ask(r, STEP_LINK, zone_chain_end(result));
}

/* The TXT record goes to a name that was asked about before it is there. */
static void chain_ended(struct zone_resolved *r, const struct dns_message *m)
{
	unsigned kept = 0;

	for (size_t i = 0; i < m->authority.n && m->rcode == DNS_NXDOMAIN; i++)
		if (m->authority.at[i].type == DNS_SOA)
			kept = m->authority.at[i].ttl;
	if (kept > 0)
		zone_result_warn(r->start.result,
		                 "%s: no CNAME is there although a DNS account has --cname-target; the "
		                 "resolver keeps for %u s that the name does not exist",
		                 r->name, kept);
	zone_search(r);
}

static void apex_take(struct zone_resolved *r, const struct zone_reading *reading)
{
	bool below_dname = reading->kind == READ_TOO_LONG || reading->link_kind == ZONE_DNAME;

	if (reading->kind == READ_ZONE && r->step == STEP_APEX && *reading->zone == '\0')
		resolved_end(r, ZONE_ERROR,
		             xasprintf("%s: its top-level domain does not exist, the resolver says; check "
		                       "the spelling",
		                       r->name));
	else if (reading->kind == READ_ZONE && (r->step == STEP_APEX || strcmp(reading->zone, r->name) == 0))
		resolved_found(r, reading->zone);
	else if (reading->kind != READ_ZONE && reading->kind != READ_UNTOLD && below_dname)
		resolved_end(r, ZONE_BELOW_DNAME,
		             xasprintf("%s lies below the DNAME at %s; name where it leads with "
		                       "--cname-target, so that it is followed",
		                       r->name, reading->owner));
	else if (r->step == STEP_LISTED)
		apex_search(r);
	else
		parent_ask(r);
}

static void reading_take(struct zone_resolved *r, const struct zone_reading *reading,
                         const struct dns_message *m)
{
	bool link = reading->kind == READ_LINK || reading->kind == READ_TOO_LONG;

	zone_race_free(r->race);
	r->race = NULL;
	if (reading->kind != READ_ZONE || strcmp(reading->zone, r->name) != 0)
		r->nxdomain = reading->nxdomain && !link;
	if (r->step != STEP_LINK)
		apex_take(r, reading);
	else if (link)
		link_take(r, reading);
	else
		chain_ended(r, m);
}

static void useless_note(struct zone_resolved *r, const struct zone_peer *peer, const char *what)
{
	char *line = xasprintf("%s: %s", peer->name, what);

	strs_add(&r->said, line);
	free(line);
}

static void round_lost(struct zone_resolved *r)
{
	zone_race_free(r->race);
	r->race = NULL;
	if (r->may_pass && ++r->rounds < ROUNDS)
		loop_timer_set(r->timer, (uint64_t)PAUSE_MS << (r->rounds - 1));
	else
		resolved_end(r, ZONE_NO_SERVER, zone_resolved_text(r));
}

static bool resolver_answer(void *arg, const struct zone_peer *peer, const struct ask_answer *answer)
{
	struct zone_resolved *r = arg;
	struct zone_reading reading = {0};
	bool useful;

	if (peer == NULL) {
		round_lost(r);
		return true;
	}
	if (answer->result != ASK_ANSWER) {
		r->may_pass = true;
		useless_note(r, peer, ask_result_text(answer->result));
		return false;
	}
	zone_read(&reading, answer->message, r->name, "", READ_ANYWHERE | READ_RECURSIVE);
	useful = reading.kind != READ_USELESS;
	if (useful) {
		reading_take(r, &reading, answer->message);
	} else {
		r->may_pass |= answer->message->rcode == DNS_SERVFAIL;
		useless_note(r, peer, reading.why);
	}
	zone_reading_free(&reading);
	return useful;
}

static void resolved_begin(void *arg)
{
	struct zone_resolved *r = arg;

	if (r->name != NULL)
		resolvers_ask(r);
	else if (r->resolvers == 0)
		resolved_end(r, ZONE_NO_SERVER,
		             xstrdup("there is no resolver to ask; give one with --resolver"));
	else if (r->targets.n > 0)
		name_ask(r, STEP_LINK, r->start.result->name);
	else
		zone_search(r);
}

static void list_copy(struct strs *to, const struct strs *from)
{
	for (size_t i = 0; i < from->n; i++)
		strs_add(to, from->at[i]);
}

struct zone_resolved *zone_resolved_new(const struct zone_resolved_start *start, zone_resolved_fn *fn,
                                        void *arg)
{
	struct zone_resolved *r = xcalloc(1, sizeof(*r));

	r->start = *start;
	list_copy(&r->zones, start->zones);
	list_copy(&r->targets, start->targets);
	r->start.zones = r->start.targets = NULL;
	r->resolver = zone_resolvers(start->net->lookup, &r->resolvers);
	r->fn = fn;
	r->arg = arg;
	r->timer = loop_timer_new(start->net->loop, resolved_begin, r);
	loop_timer_set(r->timer, 0);
	return r;
}

void zone_resolved_free(struct zone_resolved *r)
{
	if (r == NULL)
		return;
	zone_race_free(r->race);
	loop_timer_free(r->timer);
	zone_resolvers_free(r->resolver, r->resolvers);
	strs_free(&r->zones);
	strs_free(&r->targets);
	strs_free(&r->said);
	free_all(r->name, r);
}

char *zone_resolved_text(const struct zone_resolved *r)
{
	struct buf b;

	buf_init(&b, 0);
	buf_printf(&b, "no resolver gives a useful answer about %s",
	           r->name != NULL ? r->name : r->start.result->name);
	for (size_t i = 0; i < r->said.n; i++)
		buf_printf(&b, "\n  %s", r->said.at[i]);
	buf_add_str(&b,
	            "\n  check the resolvers (--resolver, else those of /etc/resolv.conf); with --wait-for "
	            "resolver nobody else is asked");
	return buf_take(&b);
}
