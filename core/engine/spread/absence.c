#include "engine/spread/absence.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/spread/spread.h"
#include "engine/zone/zone.h"

#define ZONE_MS   10000
#define ABSENT_MS 15000

struct absence {
	struct absences *all;
	char *owner;
	struct strs value;
	struct zone_query *query;
	struct spread *spread;
	txt_absent_fn *fn;
	void *fn_arg;
	struct absence *next;
};

struct absences {
	struct loop *loop;
	struct ask *ask;
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
	free(a->owner);
	free(a);
}

static void absence_end(struct absence *a, bool absent)
{
	txt_absent_fn *fn = a->fn;
	void *fn_arg = a->fn_arg;

	absence_free(a);
	fn(fn_arg, absent);
}

static void absence_seen(void *arg, const struct spread_result *result)
{
	absence_end(arg, result->end == SPREAD_DONE);
}

static void absence_zone(void *arg, struct zone_result *zone)
{
	struct absence *a = arg;

	a->query = NULL;
	if (zone->fault == ZONE_FOUND && strcmp(zone->owner, a->owner) == 0) {
		const struct spread_wish wish = {
		    .owner = a->owner,
		    .zone = zone->zone,
		    .values = &a->value,
		    .absent = true,
		    .server = zone->server,
		    .servers = zone->servers,
		    .wait_for = WAIT_FOR_ALL, /* the primary is among them */
		    .deadline = loop_now(a->all->loop) + ABSENT_MS,
		};
		a->spread = spread_new(a->all->loop, a->all->ask, &wish, absence_seen, NULL, a);
	} else {
		absence_end(a, false);
	}
	zone_result_free(zone);
}

void absence_prove(struct absences *s, const struct intent *i, txt_absent_fn *fn, void *fn_arg)
{
	struct absence *a = xcalloc(1, sizeof(*a));

	*a = (struct absence){
	    .all = s, .owner = xstrdup(i->owner), .fn = fn, .fn_arg = fn_arg, .next = s->first};
	strs_add(&a->value, i->value);
	s->first = a;
	a->query = zone_find(s->finder, i->owner, ZONE_MS, absence_zone, a);
}

void absence_forget(struct absences *s, void *fn_arg)
{
	for (struct absence *a = s->first, *next; a; a = next) {
		next = a->next;
		if (a->fn_arg == fn_arg)
			absence_free(a);
	}
}

struct absences *absences_new(struct loop *l, struct ask *ask, struct zone_finder *finder)
{
	struct absences *s = xcalloc(1, sizeof(*s));

	*s = (struct absences){.loop = l, .ask = ask, .finder = finder};
	return s;
}

void absences_free(struct absences *s)
{
	while (s && s->first)
		absence_free(s->first);
	free(s);
}
