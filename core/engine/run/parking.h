/* Certificates that are left alone (common/parking.h): no order is made for them; their names are looked at each week,
 * and what is mended is ordered. Of `renew` alone, and not with --retry or --force. */
#pragma once

#include <stdbool.h>

struct run_cert;

enum parking {
	PARKING_NOT,
	PARKING_STAYS, /* which was told */
	PARKING_LOOK,  /* it is time to look at its names */
};

enum parking parking_judge(struct run_cert *c);     /* of one that is due */
void parking_looked(struct run_cert *c, bool well); /* which ends it, or it stays parked */

/* All its orders have ended. */
void parking_learn(const struct run_cert *c);
