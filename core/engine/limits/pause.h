/* How long a certificate rests after a failure. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum failure_class {
	FAILURE_PASSING, /* may pass by itself */
	FAILURE_PERSON,  /* only a person can mend it */
};

/* What came before in a series of failures, which ends with a success; all zero: nothing. */
struct failure_series {
	unsigned failures;
	unsigned pause_s; /* after the last one */
	bool
	    second_try; /* a refused validation was tried once more: that took the place of the first pause */
};

/* Seconds from the next failure of that class to the next try: 1, 10, 100 minutes, then a day, or a day at
 * once; never less than after the one before. */
unsigned pause_after(const struct failure_series *s, enum failure_class class);

/* Is a pause of that length, which ends at `until`, still going on? A clock that was set back lengthens none. */
bool pause_holds(int64_t until, unsigned pause_s, int64_t now);
