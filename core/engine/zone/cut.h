/* The zones met in a run and their servers: what the parent delegates to, what the zone itself
 * says, addresses from glue and resolver. Found once, shared by all names. */
#pragma once

#include <stdbool.h>
#include <sys/queue.h>

#include "common/str.h"
#include "engine/zone/result.h"
#include "engine/zone/race.h"
#include "engine/zone/reading.h"

struct zone_cut;
struct zone_cuts;

/* A waiter: its timer is set to 0 ms at each news of the cut. */
struct zone_wait {
	LIST_ENTRY(zone_wait) entry;
	struct loop_timer *kick;
	struct zone_cut *cut; /* NULL = waits for none */
};

struct zone_cuts *zone_cuts_new(struct zone_net *net);
void zone_cuts_free(struct zone_cuts *c); /* NULL allowed; the waiters must be gone */

/* The zone has exactly the servers added by this. */
void zone_cuts_fix(struct zone_cuts *c, const char *zone, const struct sockaddr_storage *address);

/* The longest zone at or above name that has its servers by zone_cuts_fix(); borrowed; NULL if none. */
const char *zone_cuts_fixed(struct zone_cuts *c, const char *name);

/* The deepest known zone at or above name; at least its top-level domain, whose servers the
 * resolver is asked for. Borrowed for the life of c, as below. */
struct zone_cut *zone_cuts_find(struct zone_cuts *c, const char *name);

/* The root, for a top-level domain whose servers the resolver does not tell; its own come from the
 * resolver, else from the list that every resolver has. */
struct zone_cut *zone_cuts_root(struct zone_cuts *c);

/* A zone as its parent delegates it; the first delegation of a run stays. */
struct zone_cut *zone_cuts_add(struct zone_cuts *c, const char *zone, const struct zone_delegation *d);

const char *zone_cut_name(const struct zone_cut *cut);
bool zone_cut_is_fixed(const struct zone_cut *cut);
bool zone_cut_is_looking(const struct zone_cut *cut);   /* the resolver is asked for its servers */
const char *zone_cut_error(const struct zone_cut *cut); /* its servers cannot be found; or NULL */

void zone_cut_wait(struct zone_cut *cut, struct zone_wait *w); /* instead of what w waited for */
void zone_cut_unwait(struct zone_wait *w);

/* Adds the addresses known so far to a race about the zone, and closes it if these are all. */
void zone_cut_feed(struct zone_cut *cut, struct zone_race *race);
/* Remembers that an address was of no use: it is asked after the others. */
void zone_cut_avoid(struct zone_cut *cut, const struct zone_peer *peer);

/* Adds a line for each server whose address is not known, with the reason. */
void zone_cut_missing(const struct zone_cut *cut, struct strs *lines);

/* Asks for the zone's own NS set unless that was done. */
void zone_cut_want_own(struct zone_cut *cut);
/* Own NS set and addresses are there, or will not come. */
bool zone_cut_is_complete(const struct zone_cut *cut);
/* All servers, and what is odd about them, into the result. */
void zone_cut_tell(const struct zone_cut *cut, struct zone_result *r);
