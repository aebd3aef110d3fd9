#include "config.h"

#include "launcher/plan_orders.h"

#include <string.h>

#include "common/lifetime.h"

#define DAY 86400

/* One a key type, where more than the age of one of them is the reason. */
static size_t orders_for(const struct standing_certificate *c, enum reason r)
{
	bool one = r == REASON_AGE || r == REASON_ADVISED || r == REASON_KEY;
	return one || !strchr(c->key_type, ' ') ? 1 : 2;
}

static bool is_renewal(const struct standing_certificate *c, enum reason r, int64_t now)
{
	bool other = r == REASON_NEW || r == REASON_NAMES || r == REASON_CA;
	return r == REASON_ADVISED || (!other && lifetime_renews(c->since, now));
}

void plan_orders_take(struct plan_orders *p, const struct standing_certificate *c, int64_t now)
{
	enum reason r = standing_reason(c, now);
	size_t n = orders_for(c, r);
	p->certificates++;
	p->orders += n;
	if (p->exempt && is_renewal(c, r, now))
		return;
	p->counted += n;
	if (standing_urgent(c, now))
		p->urgent += n;
}

/* Orders that are made one after the other, as soon as the limit lets them. */
struct line {
	const struct bucket_limit *limit;
	int64_t full_at, last; /* last: when the one before was made */
};

static void stand_in(struct line *l, unsigned reserve, int64_t from)
{
	l->last = bucket_free_at(l->limit, l->full_at, reserve, l->last > from ? l->last : from);
	l->full_at = bucket_take(l->limit, l->full_at, l->last);
}

static void reckon_now(struct plan_orders *p, int64_t now)
{
	struct line l = {&p->limit, p->full_at, now};
	for (size_t i = 0; i < p->counted; i++) {
		stand_in(&l, i < p->urgent ? 0 : bucket_reserve(&p->limit), now);
		p->later += l.last > now;
	}
	p->through = p->later ? l.last : 0;
}

static void reckon_days(struct plan_orders *p, const size_t *renewed, size_t days, int64_t now)
{
	struct line l = {&p->limit, p->full_at, now};
	for (size_t day = 0; day < days && !p->cleared; day++) {
		int64_t begin = now + (int64_t)day * DAY;
		for (size_t i = 0; i < renewed[day]; i++)
			stand_in(&l, bucket_reserve(&p->limit), begin);
		bool over = l.last > begin + DAY;
		if (over && !p->crowded)
			p->crowded = begin;
		if (!over && p->crowded)
			p->cleared = l.last;
	}
}

void plan_orders_reckon(struct plan_orders *p, const size_t *renewed, size_t days, int64_t now)
{
	if (!p->limit.most)
		return;
	p->left = bucket_left(&p->limit, p->full_at, bucket_reserve(&p->limit), now);
	reckon_now(p, now);
	if (!p->exempt)
		reckon_days(p, renewed, days, now);
}
