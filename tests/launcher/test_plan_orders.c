/* New orders against the limit of a CA account: what gets through now, and on the days to come. */
#include "unit.h"

#include "launcher/plan_orders.h"

#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)
#define T0   INT64_C(1800000000)

static struct plan_orders orders;

/* 100 a day, all of them there. */
static int begin(void **state)
{
	(void)state;
	orders = (struct plan_orders){.ca = (char *)"ca", .limit = {100, DAY}};
	return 0;
}

/* Of 90 days, so that it is urgent from day 83 on. */
static struct standing_certificate of_age(int64_t age)
{
	return (struct standing_certificate){.id = "a",
	                                     .ca = "ca",
	                                     .key_type = "p256",
	                                     .since = T0 - age,
	                                     .until = T0 - age + 90 * DAY,
	                                     .from = T0 - age + 60 * DAY,
	                                     .renews = true};
}

static void take(struct standing_certificate c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		plan_orders_take(&orders, &c, T0);
}

static void take_new(size_t n)
{
	take((struct standing_certificate){.id = "a", .ca = "ca", .key_type = "p256", .renews = true}, n);
}

static void reckon(void)
{
	static const size_t none[1];

	plan_orders_reckon(&orders, none, 1, T0);
}

/* A tenth is left to what is urgent. */
TEST_WITH(all_get_through, begin, NULL)
{
	take_new(90);
	reckon();
	assert_int_equal(orders.certificates, 90);
	assert_int_equal(orders.counted, 90);
	assert_int_equal(orders.left, 90);
	assert_int_equal(orders.later, 0);
	assert_int_equal(orders.through, 0);
}

TEST_WITH(more_than_the_limit, begin, NULL)
{
	take_new(190);
	reckon();
	assert_int_equal(orders.later, 100);
	assert_in_range(orders.through, T0 + DAY, T0 + DAY + 600);
}

/* What is urgent comes first, and has the reserve. */
TEST_WITH(what_is_urgent, begin, NULL)
{
	take(of_age(84 * DAY), 95);
	take_new(5);
	reckon();
	assert_int_equal(orders.urgent, 95);
	assert_int_equal(orders.later, 5);
	assert_in_range(orders.through, T0 + 5 * DAY / 100, T0 + 16 * DAY / 100);
}

/* 40 were ordered just now. */
TEST_WITH(what_the_ledger_has, begin, NULL)
{
	orders.full_at = T0 + 40 * DAY / 100;
	take_new(51);
	reckon();
	assert_int_equal(orders.left, 50);
	assert_int_equal(orders.later, 1);
	assert_int_equal(orders.through, T0 + DAY / 100);
}

TEST_WITH(no_limit_is_known, begin, NULL)
{
	orders.limit.most = 0;
	take_new(1000);
	reckon();
	assert_int_equal(orders.orders, 1000);
	assert_int_equal(orders.later, 0);
}

/* As at Let's Encrypt: what renews within 120 days is exempt, and what was suggested. */
TEST_WITH(renewals_that_do_not_count, begin, NULL)
{
	struct standing_certificate renewed = of_age(70 * DAY), names = renewed, old = renewed, advised;

	orders.exempt = true;
	names.change = REASON_NAMES;
	old.since -= 60 * DAY;
	advised = old;
	advised.advised = true;
	take(renewed, 500);
	take(advised, 500);
	assert_int_equal(orders.orders, 1000);
	assert_int_equal(orders.counted, 0);
	take(names, 1);
	take(old, 2);
	take_new(4);
	assert_int_equal(orders.counted, 7);
}

/* An order a key type where both are new; else each has its own time. */
TEST_WITH(two_key_types, begin, NULL)
{
	struct standing_certificate one = of_age(70 * DAY);

	one.key_type = "p256 rsa2048";
	take(one, 1);
	assert_int_equal(orders.orders, 1);
	one.change = REASON_NAMES;
	take(one, 1);
	assert_int_equal(orders.orders, 3);
	assert_int_equal(orders.certificates, 2);
}

/* 250 on the third day: 90 at once, then 100 a day. */
TEST_WITH(a_crowded_day, begin, NULL)
{
	static const size_t renewed[10] = {20, 80, 250, 10};

	plan_orders_reckon(&orders, renewed, 10, T0);
	assert_int_equal(orders.crowded, T0 + 2 * DAY);
	assert_in_range(orders.cleared, T0 + 3 * DAY + 16 * HOUR, T0 + 3 * DAY + 19 * HOUR);
	assert_int_equal(orders.later, 0);
}

TEST_WITH(days_without_a_crowd, begin, NULL)
{
	static const size_t renewed[3] = {90, 95, 100};

	plan_orders_reckon(&orders, renewed, 3, T0);
	assert_int_equal(orders.crowded, 0);
	assert_int_equal(orders.cleared, 0);
}

TEST_WITH(a_crowd_that_stays, begin, NULL)
{
	static const size_t renewed[3] = {1000, 0, 0};

	plan_orders_reckon(&orders, renewed, 3, T0);
	assert_int_equal(orders.crowded, T0);
	assert_int_equal(orders.cleared, 0);
}

TEST_WITH(exempt_days_are_never_crowded, begin, NULL)
{
	static const size_t renewed[3] = {1000, 1000, 1000};

	orders.exempt = true;
	plan_orders_reckon(&orders, renewed, 3, T0);
	assert_int_equal(orders.crowded, 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
