/* From a name down the delegations, until the zone that holds it or the link that stands at it is
 * known. */
#pragma once

#include <stdbool.h>

#include "engine/zone/cut.h"

struct zone_walk;

enum zone_walk_end { WALK_APEX, WALK_LINK, WALK_FAILED };

struct zone_walked {
	enum zone_walk_end end;
	const char *zone;                   /* APEX */
	const struct zone_reading *reading; /* LINK: kind READ_LINK or READ_TOO_LONG */
	const struct zone_peer *peer;       /* who said so */
	enum zone_fault fault;              /* FAILED */
	const char *why;
	bool fixed;              /* FAILED: at servers that the operator named */
	bool nxdomain;           /* APEX: the name does not exist there */
	bool no_aa;              /* none of the zone's servers sets AA */
	struct zone_cut *cut;    /* where it was found out; NULL when failed */
	const struct strs *lame; /* "ns2.test 192.0.2.2: REFUSED ..." of this zone's servers */
};

struct zone_walk_start {
	struct zone_net *net;
	struct zone_cuts *cuts;
	unsigned *budget;
	const char *name;
	bool upward; /* at a link go on with the parent name: looks for a zone, not for a chain */
};

/* All of walked is borrowed. fn may free the walk; it is never called from inside zone_walk_new. */
typedef void zone_walk_fn(void *arg, const struct zone_walked *walked);
struct zone_walk *zone_walk_new(const struct zone_walk_start *start, zone_walk_fn *fn, void *arg);
void zone_walk_free(struct zone_walk *w); /* NULL allowed */

const char *zone_walk_zone(const struct zone_walk *w); /* whose servers are asked now; borrowed */
bool zone_walk_is_looking(const struct zone_walk *w);  /* the resolver is waited for */
bool zone_walk_is_fixed(const struct zone_walk *w);    /* it stands at servers that the operator named */
/* Why there is no end yet, for a person. New. */
char *zone_walk_text(const struct zone_walk *w);
