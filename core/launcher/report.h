/* What state.db holds, as the engine reads it (engine/run/report.h): no network, no run, nothing is changed. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* One row: a list or a text, borrowed. */
typedef void report_fn(void *arg, const char *kind, json_t *row);

/* only: the one kind of rows that is wanted, NULL for all; brief: NULL, or the digest of what is wanted
 * (engine/run/report.h).
 * Calls fn for each row, in the engine's order. False with e when state.db cannot be read; none at all is no rows. */
bool report_read(const char *state, const char *only, const char *brief, report_fn *fn, void *arg,
                 struct err *e);

/* The same of the places of these certificates alone (engine/run/report.h). */
bool report_places(const char *state, const struct strs *certs, report_fn *fn, void *arg, struct err *e);
