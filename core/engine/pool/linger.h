/* How long the changes of one zone are kept back at a DNS account, so that those already announced go in the same
 * request: until so many of the announced have come (or were withdrawn) as there were when the first change of the
 * request came, at most POOL_LINGER_MS. Where nothing is announced nothing waits. Additions wait for additions alone,
 * removals for removals. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define POOL_LINGER_MS 500

struct pool_linger_zone;

struct pool_linger {
	struct pool_linger_zone *first; /* that something is announced for */
};

void pool_linger_clear(struct pool_linger *l);

void pool_linger_announce(struct pool_linger *l, const char *zone, bool add);
/* True when nothing of the zone need wait any longer that did. One that was not announced is no fault. */
bool pool_linger_withdraw(struct pool_linger *l, const char *zone, bool add);

void pool_linger_came(struct pool_linger *l, const char *zone, bool add,
                      uint64_t now);                            /* a change, to be sent */
void pool_linger_went(struct pool_linger *l, const char *zone); /* those that had come */

/* Until when (loop_now()) such changes are kept back; 0 = they are not. */
uint64_t pool_linger_until(const struct pool_linger *l, const char *zone, bool add);
