/* Can a name be written, without writing. */
#pragma once

#include "verdict.h"

/* Asks the server whether it serves the zone and would take a TXT at `name` (NULL: only the zone and
 * the key are tried): by an update that changes nothing, and two questions. Returns whether it would;
 * `o` tells why not. What is known before the update itself: the key, the policy for the name (BIND,
 * Knot; PowerDNS has none), an alias at the name, a delegation above it. */
bool probe_name(struct outcome *o, struct primary *p, const char *zone, const char *name, int64_t deadline);
