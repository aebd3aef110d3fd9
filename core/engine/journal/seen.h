/* What a CA's resolver has looked at, and may still hold in its caches. */
#pragma once

#include <stdint.h>

struct turn;

/* The CA with that directory has looked at the TXT set of owner now, which has that TTL. */
void seen_store(struct turn *t, const char *directory, const char *owner, int64_t now, unsigned ttl);

/* Up to when the CA may have the old set: min(its TTL, cache_s) after it looked; 0 = it did not. */
int64_t seen_until(struct turn *t, const char *directory, const char *owner, unsigned cache_s);
