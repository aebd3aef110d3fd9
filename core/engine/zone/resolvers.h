/* The recursive resolvers in use, as servers that can be asked. */
#pragma once

#include "engine/zone/result.h"

struct lookup;

/* Each is named by its address. New, as are their names: for zone_resolvers_free(). */
struct zone_server *zone_resolvers(const struct lookup *k, size_t *n);
void zone_resolvers_free(struct zone_server *resolver, size_t n);
