/* What `renew` of everything is told of all certificates, before its run begins: the rows of the index that are wanted.
 * Only what has changed is written, in one transaction. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"

/* Is this the digest of what was handed over last? */
bool handover_is_known(struct db *d, const char *digest, bool *known, struct err *e);

/* Rows come part by part (job.h, "index"); nothing of the index changes before handover_end. */
bool handover_begin(struct db *d, struct err *e);
bool handover_take(struct db *d, const json_t *rows, struct err *e);

/* What is new or other than before is looked at next; what was not handed over is marked as gone at `now`. */
bool handover_end(struct db *d, const char *digest, int64_t now, struct err *e);

bool handover_count(struct db *d, size_t *n, struct err *e); /* certificates that are listed */

/* Calls fn with the ID of each certificate that is to be looked at by now, what is longest due first, and of each with
 * an unfinished order. */
bool handover_each_due(struct db *d, int64_t now, void (*fn)(void *arg, const char *cert), void *arg,
                       struct err *e);

/* fn gets a slice of the others: those of which it is longest ago that the store was compared with the index, so many
 * that a week of hourly runs compares all. */
bool handover_each_unverified(struct db *d, int64_t now,
                              void (*fn)(void *arg, const char *cert, const char *stamp), void *arg,
                              struct err *e);
