/* What kind of link stands at a name: made by a wildcard or not, and in which zone. */
#pragma once

#include <stdbool.h>

#include "engine/zone/cut.h"

struct zone_probe;

/* wildcard: a random name below leads to the same target. zone: where the link stands, NULL if not
 * found out. fn may free the probe and is never called from inside zone_probe_new. */
typedef void zone_probe_fn(void *arg, bool wildcard, const char *zone);
struct zone_probe *zone_probe_new(struct zone_net *net, unsigned *budget, struct zone_cut *cut,
                                  const struct zone_peer *peer, const struct zone_link *link,
                                  zone_probe_fn *fn, void *arg);
void zone_probe_free(struct zone_probe *p); /* NULL allowed */
