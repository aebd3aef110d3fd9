/* The zone and the chain of a name where recursive resolvers alone may be asked (RD=1), as few questions as it
 * takes: what they keep of a name that does not exist yet would outlast the record that is added there. */
#pragma once

#include "engine/zone/cut.h"
#include "engine/zone/race.h"
#include "engine/zone/result.h"

struct zone_resolved;

struct zone_resolved_start {
	struct zone_net *net;
	struct zone_cuts *cuts; /* a zone that --name-servers names is taken as it is */
	unsigned *budget;
	struct zone_result *result; /* gets the chain and warnings, and owner and zone when found */
	const struct strs *zones;   /* that the DNS accounts list */
	const struct strs *targets; /* patterns of ends of chains; the CNAME at a name is asked for only if
	                               there are any, and not beyond such an end */
};

/* why (NULL when found) is fn's. fn may free the search; it is called once, never from inside
 * zone_resolved_new. */
typedef void zone_resolved_fn(void *arg, enum zone_fault fault, char *why);
struct zone_resolved *zone_resolved_new(const struct zone_resolved_start *start, zone_resolved_fn *fn,
                                        void *arg);
void zone_resolved_free(struct zone_resolved *r); /* NULL allowed */

/* Why there is no end yet, for a person. New. */
char *zone_resolved_text(const struct zone_resolved *r);
