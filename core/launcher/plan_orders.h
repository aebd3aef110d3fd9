/* The new orders that `renew` makes at a CA account, against its limit: now, and on the days to come. Seconds since 1970.
 * Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/bucket.h"
#include "launcher/standing.h"

struct plan_orders {
	char *ca;
	struct bucket_limit limit; /* of new orders; most 0: none is known */
	bool exempt;               /* renewals do not count */
	int64_t full_at;           /* by the ledger, of common/bucket.h */

	size_t certificates; /* that are renewed now */
	size_t orders;       /* for them */
	size_t counted;      /* that count against the limit */
	size_t urgent;       /* of those that count: for what is urgent */

	/* By plan_orders_reckon, where there is a limit. */
	size_t left;     /* so many orders may be made now, a reserve for what is urgent aside */
	size_t later;    /* of those that count, what cannot be ordered now */
	int64_t through; /* when the last of it can be, at the earliest; 0 = nothing is left for later */
	int64_t crowded; /* begin of the first day on which more comes due than gets through; 0 = none */
	int64_t cleared; /* when the last of that can be ordered; 0 = on none of the days */
};

/* A certificate that is renewed now. */
void plan_orders_take(struct plan_orders *p, const struct standing_certificate *c, int64_t now);

/* renewed: certificates by day from now, those that are due now among the first. */
void plan_orders_reckon(struct plan_orders *p, const size_t *renewed, size_t days, int64_t now);
