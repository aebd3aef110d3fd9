/* From a challenge name to where its TXT must be written: the chain of CNAME and DNAME, the zone
 * cut, the servers (RFC 1034 4.3.2, 6672, 8020). Referrals are followed from the TLD on. */
#pragma once

#include "common/err.h"
#include "common/loop.h"
#include "common/str.h"
#include "engine/zone/result.h"

struct ask;
struct lookup;
struct zone_finder;
struct zone_query;

/* servers_for: "ZONE=ADDR,ADDR..." texts (--name-servers, zone_fixed.h); those zones are not looked for. ask and
 * lookup are borrowed. NULL with e when a text is wrong. */
struct zone_finder *zone_finder_new(struct loop *l, struct ask *ask, struct lookup *lookup,
                                    const struct strs *servers_for, struct err *e);
/* Patterns (name_matches()) of ends that the operator named: a CNAME to one is followed even where a
 * wildcard made it. */
void zone_finder_follow(struct zone_finder *f, const struct strs *patterns);
void zone_finder_free(struct zone_finder *f);

/* Finds where the TXT for name (with _acme-challenge) goes, within ms. Delegations met are
 * remembered in f for the other names of the run. fn is called once, never from inside; owns the
 * result. */
typedef void zone_fn(void *arg, struct zone_result *result);
struct zone_query *zone_find(struct zone_finder *f, const char *name, unsigned ms, zone_fn *fn, void *arg);
/* The same where recursive resolvers alone may be asked: theirs is the word about zone and chain, and the
 * result has no servers. zones: those that the DNS accounts list; the longest that is one is taken for the
 * name's zone, unasked if it is the owner itself. targets: where the chain may lead; without any the CNAME
 * at name is not looked for, and name itself is not asked about. */
struct zone_query *zone_find_recursive(struct zone_finder *f, const char *name, const struct strs *zones,
                                       const struct strs *targets, unsigned ms, zone_fn *fn, void *arg);
void zone_cancel(struct zone_query *q);
/* Who is waited for, for a person. New. */
char *zone_waiting_text(const struct zone_query *q);
