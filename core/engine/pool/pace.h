/* How fast one DNS account may be asked: its HTTP requests are counted when a call is answered, and expected of the
 * next call of the kind. */
#pragma once

#include <stdint.h>

#include "common/loop.h"
#include "engine/pool/pool.h"
#include "engine/pool/protocol.h"
#include "engine/pool/rate.h"

struct pool_pace {
	struct loop *loop;
	const char *account;
	const struct pool_requests *kept;
	struct pool_rate rate;
	unsigned made[POOL_WARM + 1]; /* by the last call of the kind */
	unsigned open;                /* expected of the calls under way */
	unsigned unstored;
};

/* All are borrowed. */
void pool_pace_init(struct pool_pace *p, struct loop *l, const char *account,
                    const struct pool_requests *kept);
void pool_pace_limit(struct pool_pace *p, unsigned per_minute); /* 0 = none */

uint64_t pool_pace_wait(struct pool_pace *p, enum pool_op op); /* ms until such a call may go out */

/* A call goes out, and ends with n requests made. expected: what begin returned. */
unsigned pool_pace_begin(struct pool_pace *p, enum pool_op op);
void pool_pace_end(struct pool_pace *p, enum pool_op op, unsigned expected, unsigned n);

void pool_pace_store(struct pool_pace *p); /* what ended, and takes over what other runs have stored */
