/* Is a certificate due? Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/openings.h"
#include "engine/journal/advice_rows.h"
#include "engine/peers/job.h"

enum due {
	DUE_NOT,
	DUE_NONE,    /* nothing is published */
	DUE_ADVISED, /* `from` is over, the moment chosen in the window that the CA suggested */
	DUE_AGE,     /* `from` is over: a third of its lifetime is left, or half of a short one */
	DUE_URGENT,  /* `from` is over, though the CA suggested a later time */
	DUE_EARLY,   /* `from` is to come, `earliest` is over, and too many would come due later */
	DUE_REVOKED, /* or about to be: its key is compromised */
	DUE_NAMES,   /* others are wanted than were asked for */
	DUE_KEY,     /* another key type is wanted */
	DUE_PROFILE, /* another than it was issued with is wanted */
	DUE_CA, /* another directory issued it; one of before 0.1 does not say which and is not due for that */
};

/* Seconds since 1970. */
struct due_dates {
	int64_t since, until; /* its lifetime */
	int64_t from;         /* renewed from */
	int64_t earliest;     /* where many come due at once some are renewed before, but not before that */
	int64_t latest;       /* no window is waited for after that: it is urgent, or the CA's window ends */
	bool moved;   /* `from` is in a window of the certificate, and would be at another time without */
	bool advised; /* the CA suggested that */
	bool advice_known; /* it was asked about this very certificate before */
};

struct due_when {
	int64_t now;
	uint64_t seed;                   /* of common/lifetime.h */
	const struct advice_row *advice; /* the CA's on this very certificate; NULL: none */
	bool early;                      /* it is one of those that levelling.h chose */
	const struct openings *open;     /* when it may be renewed; NULL: at any time */
};

/* Fills `from` and `earliest` for a lifetime since .. until; what it means when that is over: DUE_AGE, DUE_ADVISED or DUE_URGENT. */
enum due due_from(const struct due_when *when, struct due_dates *d);

/* Directories of the CAs whose certificates are wanted. */
struct due_cas {
	const char *first, *backup; /* backup: NULL = none */
};

/* key_type: the one of those wanted that this pair is to have. current: what the keeper says of the live pair ({} or without dates when there is none that is right). The CA's
 * advice decides, but no longer than to the urgent time; where the CA gave none, or no proper answer to the last
 * question, what is left of the lifetime decides too. */
enum due due_of(const json_t *current, const struct job_cert *wanted, const char *key_type,
                const struct due_cas *cas, const struct due_when *when, struct due_dates *dates);

/* "a third of its lifetime is left"; new string, NULL for DUE_NOT and DUE_NONE. */
char *due_text(enum due due, const struct due_dates *dates);

bool due_names_same(const json_t *current, const struct job_cert *wanted);
