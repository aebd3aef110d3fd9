/* Is this chain the one for this key and these names? */
#pragma once

#include <stdint.h>

#include "keeper/chain.h"
#include "keeper/leaf.h"

/* Fills l (leaf_free it in any case). False with e saying why the pair must not be published: other
 * key, names other than asked (san_serves), dates that are not sane at `now`, a chain that does not hang together. */
bool pair_check(const struct chain *c, EVP_PKEY *key, const struct strs *names, int64_t now, struct leaf *l,
                struct err *e);

/* The same without names and dates: does the pair in itself hang together? */
bool pair_fits(const struct chain *c, EVP_PKEY *key, struct leaf *l, struct err *e);
