/* The renewals that the index of certificates foresees. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"

/* A certificate whose renewal is to come, or was due in the last hour. Seconds since 1970. */
struct renewal {
	const char *ca_account; /* borrowed */
	int64_t since;          /* of the certificate that is there */
	int64_t from, earliest; /* as in run/due.h */
};

/* By CA account, what is due first before the others. */
bool renewals_each(struct db *d, int64_t now, void (*fn)(void *arg, const struct renewal *r), void *arg,
                   struct err *e);

/* Those of the CA account that may be renewed already though they are not due, at most so many, what is due first before
 * the others; not what failed before. */
bool renewals_each_early(struct db *d, const char *ca_account, int64_t now, int64_t most,
                         void (*fn)(void *arg, const char *cert), void *arg, struct err *e);

/* Has a `renew` of everything begun at or after that time, and come to its end? */
bool renewals_were_looked_at(struct db *d, int64_t since, bool *looked, struct err *e);
