/* The generation that readers see: the relative link certs/ID/live. */
#pragma once

#include <jansson.h>

#include "keeper/folder.h"
#include "keeper/leaf.h"

/* Points live to a generation; durable on success. */
bool live_switch(const struct folder *cert, const char *generation, struct err *e);

/* New object: {} without live, {"broken":"why"} when the pair is not right, or {names (those asked for), extra (those that the CA
 * added), not_before, not_after, serial, type, ari, issuer, generation, stamp, directory (null when not known), profile (absent when none was asked
 * for), revoked (true, else absent)}. "second", in the last two: the same of the
 * pair of another key type in the same generation, without stamp; absent when there is none. known: what live_facts_of()
 * has found, or NULL; if the files are as they were then, they are not read and checked again. */
json_t *live_facts(const struct folder *cert, const json_t *known);

/* The same of a generation just published, whose leaf and files were checked before; NULL when the files cannot be looked
 * at. The folder is locked. */
json_t *live_facts_of(const struct folder *cert, const char *generation, const struct leaf *l);
