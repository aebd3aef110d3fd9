/* A report of what is to come (report.h) tells only what is out of the ordinary one by one; this counts the rest. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "engine/run/due.h"

struct brief;

/* Is that the digest of what was handed over last? NULL: it is not, and each certificate is to be told. */
struct brief *brief_new(struct db *d, const char *digest, int64_t now);
void brief_free(struct brief *b); /* NULL allowed */

void brief_failing(struct brief *b, const char *id); /* in the order of the IDs, before the certificates */

/* A certificate, in the order of the IDs: true when it is counted, or need not be told at all. */
struct brief_certificate {
	const char *id, *ca; /* borrowed */
	const struct due_dates *dates;
	int64_t
	    window; /* renewed from then on, as far as its windows were known when it was looked at last; 0 = not known */
	bool gone, renews;
	bool look; /* at it, for another reason than its age */
};
bool brief_counts(struct brief *b, const struct brief_certificate *c);

json_t *brief_rows(const struct brief *b); /* "sums"; new */
