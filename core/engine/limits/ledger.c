#include "engine/limits/ledger.h"

#include <stdlib.h>

#include "common/bucket.h"
#include "common/mem.h"
#include "engine/journal/ledger_rows.h"
#include "engine/journal/turn.h"

#define REGISTRATIONS "registrations"

/* bucket is freed. */
static int64_t free_at(struct turn *t, const char *account, char *bucket, const struct bucket_limit *l,
                       unsigned reserve)
{
	int64_t now = turn_wall(t);
	int64_t at = l->most ? bucket_free_at(l, ledger_row(t, account, bucket), reserve, now) : now;

	free(bucket);
	return at;
}

static void take(struct turn *t, const char *account, char *bucket, const struct bucket_limit *l)
{
	if (l->most)
		ledger_row_store(t, account, bucket,
		                 bucket_take(l, ledger_row(t, account, bucket), turn_wall(t)));
	free(bucket);
}

static bool orders_count(const struct ledger_order *o)
{
	return !o->ca->renewals_exempt || !(o->renewal || o->invited);
}

static bool sets_count(const struct ledger_order *o)
{
	return !o->ca->renewals_exempt || !o->invited;
}

/* The last moment at which one of the names may fail once more. */
static int64_t names_free_at(struct turn *t, const struct ledger_order *o)
{
	const struct bucket_limit *l = &o->ca->limit[JOB_LIMIT_FAILURES];
	int64_t last = 0;

	for (size_t i = 0; l->most && i < o->names->n; i++) {
		int64_t at = free_at(t, o->ca->account, bucket_of_failures(o->names->at[i]), l, 0);
		last = at > last ? at : last;
	}
	return last;
}

enum job_limit_kind ledger_obstacle(struct turn *t, const struct ledger_order *o, int64_t *until)
{
	const struct bucket_limit *orders = &o->ca->limit[JOB_LIMIT_ORDERS];
	int64_t now = turn_wall(t);

	if (orders_count(o)) {
		*until = free_at(t, o->ca->account, xstrdup(BUCKET_ORDERS), orders,
		                 o->urgent ? 0 : bucket_reserve(orders));
		if (*until > now)
			return JOB_LIMIT_ORDERS;
	}
	if (sets_count(o)) {
		*until =
		    free_at(t, o->ca->account, bucket_of_set(o->names), &o->ca->limit[JOB_LIMIT_SETS], 0);
		if (*until > now)
			return JOB_LIMIT_SETS;
	}
	*until = names_free_at(t, o);
	return *until > now ? JOB_LIMIT_FAILURES : JOB_LIMITS;
}

void ledger_ordered(struct turn *t, const struct ledger_order *o)
{
	if (orders_count(o))
		take(t, o->ca->account, xstrdup(BUCKET_ORDERS), &o->ca->limit[JOB_LIMIT_ORDERS]);
}

void ledger_issued(struct turn *t, const struct ledger_order *o)
{
	if (sets_count(o))
		take(t, o->ca->account, bucket_of_set(o->names), &o->ca->limit[JOB_LIMIT_SETS]);
}

void ledger_refused(struct turn *t, const struct job_ca *ca, const char *name)
{
	take(t, ca->account, bucket_of_failures(name), &ca->limit[JOB_LIMIT_FAILURES]);
}

int64_t ledger_registers_from(struct turn *t, const char *directory, const struct bucket_limit *l)
{
	int64_t at = free_at(t, directory, xstrdup(REGISTRATIONS), l, 0);

	return at > turn_wall(t) ? at : 0;
}

void ledger_registered(struct turn *t, const char *directory, const struct bucket_limit *l)
{
	take(t, directory, xstrdup(REGISTRATIONS), l);
}

char *ledger_limit_text(const struct job_ca *ca, enum job_limit_kind kind)
{
	static const char *const what[] = {
	    [JOB_LIMIT_ORDERS] = "new orders",
	    [JOB_LIMIT_SETS] = "certificates for the same names",
	    [JOB_LIMIT_FAILURES] = "failed validations of a name",
	    [JOB_LIMIT_REGISTRATIONS] = "new accounts",
	};

	return bucket_limit_text(&ca->limit[kind], what[kind]);
}
