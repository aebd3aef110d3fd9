#include "engine/spread/absence.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/spread/spread.h"
#include "engine/zone/resolvers.h"
#include "engine/zone/zone.h"

#define ZONE_MS 10000

struct absence {
	struct absences *all;
	char *owner;
	struct strs value;
	char *zone;
	uint64_t ms;
	struct zone_query *query;
	struct spread *spread;
	txt_absent_fn *fn;
	void *fn_arg;
	struct absence *next;
};

struct absences {
	struct loop *loop;
	struct ask *ask;
	struct lookup *lookup;
	struct zone_finder *finder;
	struct absence *first;
};

static void absence_free(struct absence *a)
{
	struct absence **p = &a->all->first;

	while (*p != a)
		p = &(*p)->next;
	*p = a->next;
	if (a->query)
		zone_cancel(a->query);
	spread_free(a->spread);
	strs_free(&a->value);
	free(a->zone);
	free(a->owner);
	free(a);
}

static void absence_end(struct absence *a, enum txt_absence absence)
{
	txt_absent_fn *fn = a->fn;
	void *fn_arg = a->fn_arg;

	absence_free(a);
	fn(fn_arg, absence);
}

static void absence_seen(void *arg, const struct spread_result *result)
{
	absence_end(arg, result->end == SPREAD_DONE ? TXT_ABSENT
	                 : result->stale > 0        ? TXT_STILL_SEEN
	                                            : TXT_CANNOT_TELL);
}

/* A server that does not answer must not keep the value in the books: it is left out as in the spread. */
static void absence_ask(struct absence *a, enum wait_for whom, const struct zone_server *server, size_t n)
{
	const struct spread_wish wish = {
	    .owner = a->owner,
	    .zone = a->zone,
	    .values = &a->value,
	    .absent = true,
	    .server = server,
	    .servers = n,
	    .wait_for = whom,
	    .deadline = loop_now(a->all->loop) + a->ms,
	};

	a->spread = spread_new(a->all->loop, a->all->ask, &wish, absence_seen, NULL, a);
}

static void absence_zone(void *arg, struct zone_result *zone)
{
	struct absence *a = arg;

	a->query = NULL;
	if (zone->fault == ZONE_FOUND && strcmp(zone->owner, a->owner) == 0)
		absence_ask(a, WAIT_FOR_REACHABLE, zone->server, zone->servers);
	else
		absence_end(a, TXT_CANNOT_TELL);
	zone_result_free(zone);
}

static void absence_ask_resolvers(struct absence *a)
{
	size_t n;
	struct zone_server *resolver = zone_resolvers(a->all->lookup, &n);

	absence_ask(a, WAIT_FOR_RESOLVER, resolver, n);
	zone_resolvers_free(resolver, n);
}

void absence_prove(struct absences *s, const struct intent *i, const struct txt_witness *witness, uint64_t ms,
                   txt_absent_fn *fn, void *fn_arg)
{
	struct absence *a = xcalloc(1, sizeof(*a));

	*a = (struct absence){.all = s,
	                      .owner = xstrdup(i->owner),
	                      .zone = xstrdup(i->zone),
	                      .ms = ms,
	                      .fn = fn,
	                      .fn_arg = fn_arg,
	                      .next = s->first};
	strs_add(&a->value, i->value);
	s->first = a;
	if (i->recursive) {
		absence_ask_resolvers(a);
	} else if (witness) {
		const struct zone_server server = {.name = witness->name, .address = witness->address};
		absence_ask(a, WAIT_FOR_REACHABLE, &server, 1);
	} else {
		a->query = zone_find(s->finder, i->owner, ZONE_MS, absence_zone, a);
	}
}

void absence_forget(struct absences *s, void *fn_arg)
{
	for (struct absence *a = s->first, *next; a; a = next) {
		next = a->next;
		if (a->fn_arg == fn_arg)
			absence_free(a);
	}
}

struct absences *absences_new(struct loop *l, struct ask *ask, struct lookup *lookup,
                              struct zone_finder *finder)
{
	struct absences *s = xcalloc(1, sizeof(*s));

	*s = (struct absences){.loop = l, .ask = ask, .lookup = lookup, .finder = finder};
	return s;
}

void absences_free(struct absences *s)
{
	while (s && s->first)
		absence_free(s->first);
	free(s);
}
