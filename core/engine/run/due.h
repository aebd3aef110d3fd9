/* Is a certificate due? Pure. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "engine/peers/job.h"

enum due {
	DUE_NOT,
	DUE_NONE,    /* nothing is published */
	DUE_AGE,     /* `from` is over */
	DUE_REVOKED, /* or about to be: its key is compromised */
	DUE_NAMES,   /* others are wanted than were asked for */
	DUE_KEY,     /* another key type is wanted */
	DUE_CA, /* another directory issued it; one of before 0.1 does not say which and is not due for that */
};

/* Ends of what is published, seconds since 1970. */
struct due_dates {
	int64_t until, from; /* valid until, renewed from */
};

/* current: what the keeper says of the live pair ({} or without dates when there is none that is right). */
enum due due_of(const json_t *current, const struct job_cert *wanted, const char *directory, int64_t now,
                struct due_dates *dates);
