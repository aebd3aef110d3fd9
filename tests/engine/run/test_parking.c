/* Runs of `renew` for certificates with a park_after, in the order machine's scripted world. */
#include "unit.h"

#include "run/renewal_case.h"

#define LIFE (90 * DAY)

static const char *const one[] = {"a.test"};
static const char *const two[] = {"a.test", "b.test"};

static int open_world(void **state)
{
	renewal_open();
	world.life_s = LIFE;
	park_after = 30 * DAY;
	return 0;
}

/* The names are not registered any more. */
static void lapse(bool lapsed)
{
	world.unregistered = lapsed;
	world.check = lapsed ? POOL_NOZONE : POOL_OK;
}

static void days(unsigned n, int expected)
{
	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(renew(one, 1), expected);
		wait_s(DAY + MINUTE);
	}
}

static size_t looks(void)
{
	return world.looked_up.n;
}

static void lapse_and_park(void)
{
	lapse(true);
	days(30, 2);
	assert_int_equal(order_world_count(&world.events, "parked"), 0);
}

/* A look each week, which the CA hears nothing of, and a run that is well. */
TEST_WITH(what_was_never_had, open_world, renewal_close)
{
	lapse_and_park();
	size_t before = looks(), requests = world.requests.n;
	days(70, 0);
	assert_in_range(looks() - before, 10, 11);
	assert_int_equal(world.requests.n, requests);
	assert_int_equal(order_world_count(&world.requests, "newOrder"), 0);
	assert_true(order_world_count(&world.events, "parked") >= 10);
}

TEST_WITH(what_is_mended_is_ordered, open_world, renewal_close)
{
	lapse_and_park();
	days(10, 0);
	lapse(false);
	days(8, 0);
	assert_int_equal(world.orders, 1);
	assert_int_equal(world.issued, 1);
	assert_int_equal(order_world_count(&world.events, "unparked"), 1);
	/* Another lapse begins anew. */
	lapse(true);
	wait_s(LIFE);
	days(30, 2);
	days(3, 0);
}

TEST_WITH(a_person_or_a_change_unparks, open_world, renewal_close)
{
	lapse_and_park();
	days(1, 0);
	retry = true;
	days(1, 2);
	retry = false;
	days(1, 0);
	depends = "2";
	days(1, 2);
	lapse(false);
	days(1, 0);
	assert_int_equal(world.issued, 1);
}

/* Others are tried, and their failures are the run's. */
TEST_WITH(others_go_on, open_world, renewal_close)
{
	lapse_and_park();
	days(1, 0);
	lapse(false);
	assert_int_equal(renew(two, 2), 0);
	assert_true(order_world_published("b.test"));
	assert_false(order_world_published("a.test"));
}

TEST_WITH(what_is_valid_is_never_parked, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s() - LIFE + 25 * DAY);
	lapse(true);
	days(25, 2);
	days(29, 2); /* it has failed for so long, but is not over for so long */
	wait_s(DAY);
	days(3, 0);
	assert_int_equal(order_world_count(&world.events, "parked"), 1); /* what is told unasked */
}

/* Its orders are as rare as its tries, and then there are none. */
TEST_WITH(names_that_the_ca_refuses, open_world, renewal_close)
{
	world.fault = (struct world_fault){.kind = WORLD_PROBLEM,
	                                   .at = "newOrder",
	                                   .status = 400,
	                                   .type = "urn:ietf:params:acme:error:rejectedIdentifier",
	                                   .times = 1000};
	days(30, 2);
	size_t before = order_world_count(&world.requests, "newOrder");
	days(40, 0);
	assert_int_equal(order_world_count(&world.requests, "newOrder"), before);
}

static void never_parked(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		assert_int_not_equal(renew(one, 1), 0);
		wait_s(DAY + MINUTE);
	}
	assert_int_equal(order_world_count(&world.events, "parked"), 0);
	renewal_close(NULL);
}

TEST(what_may_pass_is_never_of_the_names)
{
	open_world(NULL);
	world.no_server = true;
	never_parked(40);
	open_world(NULL);
	world.check = POOL_AUTH;
	never_parked(40);
	open_world(NULL);
	world.unregistered = true;
	world.check = POOL_TEMP;
	never_parked(40);
	open_world(NULL);
	world.refuse_validation = true;
	world.refuse_with = "urn:ietf:params:acme:error:dns";
	never_parked(40);
	open_world(NULL);
	world.out = true;
	never_parked(40);
}

/* One failure that was not the names' in between. */
TEST_WITH(of_the_names_alone, open_world, renewal_close)
{
	lapse(true);
	days(20, 2);
	world.check = POOL_AUTH;
	world.unregistered = false;
	days(1, 2);
	lapse(true);
	days(30, 2);
	days(2, 0);
}

TEST_WITH(without_park_after, open_world, renewal_close)
{
	park_after = 0;
	lapse(true);
	days(60, 2);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
