/* The chain of CNAME and DNAME from a challenge name, link by link. */
#pragma once

#include "engine/zone/reading.h"
#include "engine/zone/result.h"

/* Where the chain has come to: the end of its last link, else the name itself. Borrowed from the result. */
const char *zone_chain_end(const struct zone_result *r);

/* Takes the link that was read at the end of the chain; zone: where it stands, NULL = not known. ZONE_FOUND
 * when the chain may go on, else what is wrong with it, and *why in words (new). */
enum zone_fault zone_chain_take(struct zone_result *r, const struct zone_reading *link, const char *zone,
                                char **why);
