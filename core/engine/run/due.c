#include "config.h"

#include "engine/run/due.h"

#include <string.h>

#include "common/lifetime.h"
#include "common/mem.h"
#include "common/when.h"

#define DAY 86400

bool due_names_same(const json_t *current, const struct job_cert *wanted)
{
	const json_t *list = json_object_get(current, "names");
	const struct strs *names = &wanted->names;
	size_t i;
	const json_t *v;

	if (json_array_size(list) != names->n)
		return false;
	json_array_foreach(list, i, v)
	{
		if (!json_is_string(v) || !strs_has(names, json_string_value(v)))
			return false;
	}
	return true;
}

/* A CA that suggests to renew at once whatever it has just issued is heeded once a day. */
static int64_t advised_from(const struct advice_row *a, int64_t now)
{
	bool just = !a->heeded && a->heeded_at && a->heeded_at <= now;

	return just && a->chosen < a->heeded_at + DAY ? a->heeded_at + DAY : a->chosen;
}

static enum due from_advice(const struct due_when *when, struct due_dates *d)
{
	const struct advice_row *a = when->advice;
	int64_t advised = advised_from(a, when->now);

	if (!a->failed)
		d->from = lifetime_urgent(d->since, d->until);
	d->advised = advised < d->from;
	if (d->advised)
		d->from = advised;
	d->earliest = d->advised && a->start < d->from && advised == a->chosen ? a->start : d->from;
	if (d->advised && a->end && a->end < d->latest)
		d->latest = a->end;
	return d->advised ? DUE_ADVISED : a->failed ? DUE_AGE : DUE_URGENT;
}

/* Where none is open it may not be renewed early either. */
static void into_window(const struct due_when *when, struct due_dates *d)
{
	const struct openings_wish wish = {d->from, d->earliest, d->latest, when->now, when->seed};
	int64_t from = openings_moved(when->open, &wish);
	int64_t open = openings_next(when->open, d->earliest > when->now ? d->earliest : when->now);

	d->moved = from != d->from;
	d->from = from;
	d->earliest = open < from ? open : from;
}

enum due due_from(const struct due_when *when, struct due_dates *d)
{
	enum due over = DUE_AGE;

	d->from = lifetime_renewal(d->since, d->until, when->seed);
	d->earliest = lifetime_earliest(d->since, d->until, d->from);
	d->latest = lifetime_urgent(d->since, d->until);
	if (when->advice && when->advice->chosen)
		over = from_advice(when, d);
	if (when->open && d->until)
		into_window(when, d);
	return over;
}

static bool profile_same(const json_t *current, const struct job_cert *wanted)
{
	const char *had = json_string_value(json_object_get(current, "profile"));

	return strcmp(had ? had : "", wanted->profile ? wanted->profile : "") == 0;
}

static bool ca_is_wanted(const struct due_cas *cas, const char *issuer)
{
	return strcmp(issuer, cas->first) == 0 || (cas->backup && strcmp(issuer, cas->backup) == 0);
}

enum due due_of(const json_t *current, const struct job_cert *wanted, const char *key_type,
                const struct due_cas *cas, const struct due_when *when, struct due_dates *dates)
{
	const char *type = json_string_value(json_object_get(current, "type"));
	const char *issuer = json_string_value(json_object_get(current, "directory"));
	enum due over;

	*dates = (struct due_dates){
	    .since = json_integer_value(json_object_get(current, "not_before")),
	    .until = json_integer_value(json_object_get(current, "not_after")),
	    .advice_known = when->advice != NULL,
	};
	over = due_from(when, dates);
	if (!dates->until || !type)
		return DUE_NONE;
	if (wanted->revoke || json_is_true(json_object_get(current, "revoked")))
		return DUE_REVOKED;
	if (when->now > dates->from)
		return over;
	if (!due_names_same(current, wanted))
		return DUE_NAMES;
	if (strcmp(type, key_type) != 0)
		return DUE_KEY;
	if (issuer && !ca_is_wanted(cas, issuer))
		return DUE_CA;
	if (!profile_same(current, wanted))
		return DUE_PROFILE;
	return when->early && when->now >= dates->earliest ? DUE_EARLY : DUE_NOT;
}

char *due_text(enum due due, const struct due_dates *dates)
{
	char from[WHEN_ROOM], until[WHEN_ROOM];

	when_text(dates->from, from);
	when_text(dates->until, until);
	switch (due) {
	case DUE_ADVISED:
		return xasprintf("the CA suggests to renew it since %s", from);
	case DUE_AGE:
		return xasprintf("%s of its lifetime is left, it is valid until %s",
		                 lifetime_is_short(dates->since, dates->until) ? "half" : "a third", until);
	case DUE_URGENT:
		return xasprintf("it is valid until %s, and the CA suggests no earlier time", until);
	case DUE_EARLY:
		return xasprintf(
		    "too many are due at the same time as it, from %s on, so it is renewed before", from);
	case DUE_REVOKED:
		return xstrdup("the certificate there is revoked, or is to be");
	case DUE_NAMES:
		return xstrdup("other names are wanted");
	case DUE_KEY:
		return xstrdup("a key of another type is wanted");
	case DUE_PROFILE:
		return xstrdup("another profile is wanted");
	case DUE_CA:
		return xstrdup("another CA is wanted");
	default:
		return NULL;
	}
}
