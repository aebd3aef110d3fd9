#include "engine/run/levelling.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "engine/journal/renewals.h"

#define HOUR          3600
#define HOURS_AT_ONCE 6 /* what comes due in so many hours on average may come at one time ... */
#define FEW           5 /* ... and so many always */
#define TIMES         3 /* the hourly share, at most, in a run */

/* The renewals of a CA account. */
struct account {
	char *name;
	double share;  /* renewals in an hour, on average */
	int64_t *from; /* of those that may be renewed already */
	size_t n;
	size_t last_hour; /* that were due in it */
};

struct accounts {
	int64_t now;
	struct account *at;
	size_t n;
};

static void take(void *arg, const struct renewal *r)
{
	struct accounts *all = arg;
	struct account *a = all->n ? &all->at[all->n - 1] : NULL;

	if (!a || strcmp(a->name, r->ca_account) != 0) {
		all->at = xgrow(all->at, all->n, sizeof(*all->at));
		a = &all->at[all->n++];
		*a = (struct account){.name = xstrdup(r->ca_account)};
	}
	if (r->from > r->since)
		a->share += (double)HOUR / (double)(r->from - r->since);
	if (r->from <= all->now) {
		a->last_hour++;
	} else if (r->earliest <= all->now) {
		a->from = xgrow(a->from, a->n, sizeof(*a->from));
		a->from[a->n++] = r->from;
	}
}

/* The least rate by the hour at which all can be renewed in time, those aside that may come at once. */
static double rate_needed(const struct account *a, int64_t now)
{
	double most = 0, at_once = a->share * HOURS_AT_ONCE > FEW ? a->share * HOURS_AT_ONCE : FEW;

	for (size_t i = 0; i < a->n; i++) {
		double hours = (double)(a->from[i] - now) / HOUR;
		double rate = ((double)(i + 1) - at_once) / (hours > 1 ? hours : 1);
		most = rate > most ? rate : most;
	}
	return most;
}

static size_t rounded_up(double n)
{
	size_t whole = (size_t)n;

	return whole + ((double)whole < n);
}

/* How many of those that are not due this run renews. */
static size_t renewed_early(const struct account *a, int64_t now)
{
	double rate = rate_needed(a, now);
	size_t wanted = rounded_up(rate), most = rounded_up(a->share * TIMES);

	if (rate <= a->share || wanted <= a->last_hour)
		return 0;
	wanted -= a->last_hour;
	return wanted < most ? wanted : most;
}

static void add(void *arg, const char *cert)
{
	strs_add(arg, cert);
}

static bool choose(struct db *d, const struct accounts *all, struct strs *early, struct err *e)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = &all->at[i];
		size_t n = renewed_early(a, all->now);
		if (n && !renewals_each_early(d, a->name, all->now, (int64_t)n, add, early, e))
			return false;
	}
	return true;
}

bool levelling_choose(struct db *d, int64_t now, struct strs *early, struct err *e)
{
	struct accounts all = {.now = now};
	bool looked;

	if (!renewals_were_looked_at(d, now - now % HOUR, &looked, e))
		return false;
	bool ok = looked || (renewals_each(d, now, take, &all, e) && choose(d, &all, early, e));
	for (size_t i = 0; i < all.n; i++)
		free_all(all.at[i].name, all.at[i].from);
	free(all.at);
	return ok;
}
