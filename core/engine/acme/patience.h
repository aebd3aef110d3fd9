/* How long a CA's "later" is borne, and the pauses between tries (design section 2). Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define PATIENCE_MS (10 * 60 * 1000) /* without a change at the CA; then the order is left for the next run */

struct patience {
	uint64_t since; /* loop_now() of the beginning */
	unsigned tries; /* that were of no use */
};

/* The pause before the next try in milliseconds: what the CA asks for (retry_after_ms, 0 = nothing), at least
 * a quarter of a second that doubles up to 30 s. False when that is later than PATIENCE_MS after the
 * beginning: no use in waiting here. */
bool patience_pause(struct patience *p, uint64_t now, uint64_t retry_after_ms, uint64_t *pause_ms);
