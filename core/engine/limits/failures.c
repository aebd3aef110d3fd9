#include "engine/limits/failures.h"

#include "engine/journal/backoff.h"
#include "engine/journal/turn.h"

static const char *depends(const struct failing *f)
{
	return f->depends ? f->depends : "";
}

void failures_add(struct turn *t, const struct failing *f, enum failure_class class, const char *cause)
{
	struct backoff_row row = {0};
	struct failure_series series;

	backoff_failures(t, f->ca_account, f->cert, depends(f), &row);
	series = (struct failure_series){.failures = row.failures,
	                                 .pause_s = row.pause_s,
	                                 .second_try = backoff_second_tried(t, f->ca_account, f->names)};
	row.failures++;
	row.pause_s = pause_after(&series, class);
	row.not_before = turn_wall(t) + row.pause_s;
	backoff_failed(t, f->ca_account, f->cert, depends(f), &row,
	               class == FAILURE_PERSON ? "person" : "passing", cause);
}

int64_t failures_rest(struct turn *t, const struct failing *f, unsigned *failures)
{
	struct backoff_row row = {0};

	backoff_failures(t, f->ca_account, f->cert, depends(f), &row);
	*failures = row.failures;
	return pause_holds(row.not_before, row.pause_s, turn_wall(t)) ? row.not_before : 0;
}
