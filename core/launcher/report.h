/* What state.db holds, as the engine reads it (engine/run/report.h): no network, no run, nothing is changed. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* One row: a list or a text, borrowed. */
typedef void report_fn(void *arg, const char *kind, json_t *row);

struct report_question {
	const char *state;
	const char *only;          /* the one kind of rows that is wanted; NULL: all */
	const char *brief;         /* the digest of what is wanted (engine/run/report.h); NULL */
	const json_t *cas;         /* lines of CA accounts, whose limits count; NULL: none */
	const struct strs *placed; /* certificates whose places alone are wanted; NULL: all else */
};

/* Calls fn for each row, in the engine's order. False with e when state.db cannot be read; none at all is no rows. */
bool report_read(const struct report_question *q, report_fn *fn, void *arg, struct err *e);
