/* What a server's reply means for the caller, and the words for it. */
#pragma once

#include "primary.h"

#include <provider.h>

struct outcome {
	enum dnsproof_rc rc;
	bool unchanged; /* the server said that it failed */
	char words[768];
};

/* Fills the outcome; returns rc == DNSPROOF_OK. */
bool outcome_set(struct outcome *o, enum dnsproof_rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Judges the reply to an update of `name` in `zone`. `want` is the rcode of success. A refusal is
 * looked into by two more questions to the server: does it have the zone, is the name an alias.
 * Returns whether it succeeded. */
bool verdict_of_update(struct outcome *o, struct primary *p, const struct ask *a, unsigned want,
                       const char *zone, const char *name, int64_t deadline);

/* Judges the reply to a question about `name`: NOERROR or NXDOMAIN with authority, rightly signed.
 * DNSPROOF_NOZONE if it is without authority. */
bool verdict_of_question(struct outcome *o, struct primary *p, const struct ask *a, const char *zone,
                         const char *name, int64_t deadline);

/* Tells that the server does not serve the zone, by its reply to the SOA question. Returns false. */
bool verdict_no_zone(struct outcome *o, const struct primary *p, const struct reply *r, const char *zone);

/* If the reply to the TXT question says that `name` is an alias, tells so and returns true. */
bool verdict_alias(struct outcome *o, const struct primary *p, const struct reply *r, const char *name);
