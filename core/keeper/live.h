/* The generation that readers see: the relative link certs/ID/live. */
#pragma once

#include <jansson.h>

#include "keeper/folder.h"

/* Points live to a generation; durable on success. */
bool live_switch(const struct folder *cert, const char *generation, struct err *e);

/* New object: {} without live, {"broken":"why"} when the pair is not right, or {names (those asked for), extra (those that the CA
 * added), not_before, not_after, serial, type, ari, issuer, generation, stamp, directory (null when not known), profile (absent when none was asked
 * for), revoked (true, else absent)}. "second", in the last two: the same of the
 * pair of another key type in the same generation, without stamp; absent when there is none. */
json_t *live_facts(const struct folder *cert);
