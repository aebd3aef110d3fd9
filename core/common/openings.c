#include "common/openings.h"

#include <stdlib.h>

#include "common/lifetime.h"
#include "common/mem.h"

#define HOUR 3600

void openings_add(struct openings *o, int64_t from, int64_t until)
{
	if (from >= until)
		return;
	o->at = xgrow(o->at, o->n, sizeof(*o->at));
	o->at[o->n++] = (struct opening){from, until};
}

static int by_begin(const void *a, const void *b)
{
	int64_t one = ((const struct opening *)a)->from, other = ((const struct opening *)b)->from;

	return (one > other) - (one < other);
}

void openings_join(struct openings *o)
{
	size_t kept = 0;

	if (!o->n)
		return;
	qsort(o->at, o->n, sizeof(*o->at), by_begin);
	for (size_t i = 1; i < o->n; i++) {
		struct opening *last = &o->at[kept];

		if (o->at[i].from > last->until)
			o->at[++kept] = o->at[i];
		else if (o->at[i].until > last->until)
			last->until = o->at[i].until;
	}
	o->n = kept + 1;
}

void openings_free(struct openings *o)
{
	free(o->at);
	*o = (struct openings){0};
}

/* The first that is not over then; NULL: all are. */
static const struct opening *not_over(const struct openings *o, int64_t at)
{
	size_t low = 0, high = o->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (o->at[mid].until > at)
			high = mid;
		else
			low = mid + 1;
	}
	return low < o->n ? &o->at[low] : NULL;
}

bool openings_open(const struct openings *o, int64_t at)
{
	const struct opening *a = not_over(o, at);

	return a && a->from <= at;
}

int64_t openings_next(const struct openings *o, int64_t at)
{
	const struct opening *a = not_over(o, at);

	return !a ? INT64_MAX : a->from > at ? a->from : at;
}

/* Runs of each hour find a long one open after that moment, too. */
static int64_t inside(const struct opening *a, uint64_t seed)
{
	int64_t length = a->until - a->from, part = length / 4;

	return a->from + lifetime_share(seed, length - HOUR > part ? length - HOUR : part);
}

static int64_t before(const struct openings *o, const struct openings_wish *w)
{
	const struct opening *a = not_over(o, w->earliest), *last = NULL;

	for (; a && a < o->at + o->n && a->until <= w->from; a++)
		last = a;
	int64_t at = last ? inside(last, w->seed) : w->from;
	return at > w->earliest ? at : w->earliest;
}

static int64_t planned(const struct openings *o, const struct openings_wish *w)
{
	const struct opening *a = not_over(o, w->from);

	if (a && a->from <= w->from)
		return w->from;
	if (!a || a->from >= w->latest)
		return before(o, w);
	int64_t at = inside(a, w->seed);
	return at < w->latest ? at : w->latest;
}

int64_t openings_moved(const struct openings *o, const struct openings_wish *w)
{
	int64_t at, next;

	if (w->from >= w->latest || w->now >= w->latest)
		return w->from;
	at = planned(o, w);
	if (at > w->now || openings_open(o, w->now))
		return at;
	next = openings_next(o, w->now);
	return next < w->latest ? next : w->from;
}
