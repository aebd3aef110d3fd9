/* Times in which something may be done, and the moment to do it. Pure. Seconds since 1970. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct opening {
	int64_t from, until; /* from: the first moment; until: the first that is not */
};

struct openings {
	struct opening *at; /* owned */
	size_t n;
};

void openings_add(struct openings *o, int64_t from, int64_t until); /* nothing when it is empty */
void openings_join(struct openings *o); /* after the last: in their order, those that touch as one */
void openings_free(struct openings *o);

/* Below, they are joined. */
bool openings_open(const struct openings *o, int64_t at);

/* The first moment not before `at` that is open; INT64_MAX: none is known. */
int64_t openings_next(const struct openings *o, int64_t at);

struct openings_wish {
	int64_t from;             /* when it would be done */
	int64_t earliest, latest; /* not before, and by then whatever is open */
	int64_t now;
	uint64_t seed; /* any number, the same for this one each time */
};

/* The moment to do it: not over -> later. `from` where that is open, else in the next opening, not all of them at its
 * begin; where there is none before `latest`, in the last one since `earliest`, else at `from`. What was missed is done
 * in the next opening, from its begin on. */
int64_t openings_moved(const struct openings *o, const struct openings_wish *w);
