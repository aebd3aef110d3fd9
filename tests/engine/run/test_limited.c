/* Runs of `renew` against the limits of a CA, in the order machine's scripted world. */
#include "unit.h"

#include "run/renewal_case.h"

#define MANY 1000
#define LIFE (90 * DAY)

static const char *const one[] = {"a.test"};
static char *many[MANY];

static int open_world(void **state)
{
	renewal_open();
	world.life_s = LIFE;
	for (int i = 0; i < MANY; i++)
		many[i] = xasprintf("n%04d.test", i);
	return 0;
}

static int close_world(void **state)
{
	for (int i = 0; i < MANY; i++)
		free(many[i]);
	return renewal_close(state);
}

static void limit(enum job_limit_kind kind, unsigned most, unsigned seconds)
{
	ca_limit[kind] = (struct bucket_limit){most, seconds};
}

static unsigned orders_of_many(void)
{
	unsigned before = world.orders;

	assert_int_equal(renew((const char *const *)many, MANY), 0);
	return world.orders - before;
}

/* What is left of the bucket is for those that are urgent. */
TEST_WITH(new_orders, open_world, close_world)
{
	unsigned hours = 0;

	limit(JOB_LIMIT_ORDERS, 300, 3 * HOUR);
	assert_int_equal(orders_of_many(), 270);
	assert_int_equal(order_world_count(&world.events, "limited"), 1);
	assert_int_equal(orders_of_many(), 0); /* another run knows */
	order_world_publish(many[MANY - 1], wall_s() - LIFE + DAY);
	assert_int_equal(orders_of_many(), 1);
	while (world.orders < MANY) {
		unsigned n;
		wait_s(HOUR);
		n = orders_of_many();
		assert_in_range(n, 1, 101);
		assert_true(++hours < 9);
	}
	assert_in_range(hours, 7, 8);
	assert_int_equal(order_world_count(&world.events, "failed"), 0);
}

TEST_WITH(issue_is_told, open_world, close_world)
{
	limit(JOB_LIMIT_ORDERS, 1, HOUR);
	issue = true;
	assert_int_equal(renew(one, 1), 0);
	order_world_publish("a.test", wall_s() - LIFE);
	assert_int_equal(renew(one, 1), 1);
	assert_non_null(
	    strstr(world.error, "the limit of CA account ca is 1 new orders in one hour; again after"));
	assert_int_equal(world.orders, 1);
	wait_s(HOUR + MINUTE);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, 2);
}

TEST_WITH(certificates_for_the_same_names, open_world, close_world)
{
	limit(JOB_LIMIT_SETS, 5, 7 * DAY);
	for (int i = 0; i < 12; i++) {
		order_world_publish("a.test", wall_s() - LIFE);
		assert_int_equal(renew(one, 1), 0);
		wait_s(HOUR);
	}
	assert_int_equal(world.issued, 5);
	wait_s(DAY);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.issued, 6);
}

/* An order that failed has issued nothing. */
TEST_WITH(failed_validations, open_world, close_world)
{
	limit(JOB_LIMIT_SETS, 5, 7 * DAY);
	limit(JOB_LIMIT_FAILURES, 5, HOUR);
	world.refuse_validation = true;
	issue = true;
	for (int i = 0; i < 10; i++)
		assert_int_equal(renew(one, 1), 1);
	assert_int_equal(world.orders, 5);
	assert_non_null(strstr(world.error, "5 failed validations of a name in one hour"));
	world.refuse_validation = false;
	wait_s(HOUR);
	assert_int_equal(renew(one, 1), 0);
}

/* As Let's Encrypt has it. */
TEST_WITH(renewals_are_exempt, open_world, close_world)
{
	limit(JOB_LIMIT_ORDERS, 10, 365u * DAY);
	limit(JOB_LIMIT_SETS, 1, 365u * DAY);
	renewals_exempt = world.advises = true;
	for (int i = 0; i < 20; i++)
		order_world_publish(many[i], wall_s() - LIFE * 2 / 3); /* in the middle of the window */
	for (int i = 0; i < 12; i++) {
		assert_int_equal(renew((const char *const *)many, 20), 0);
		wait_s(HOUR);
	}
	assert_in_range(world.orders, 5, 20);
	assert_int_equal(order_world_count(&world.events, "limited"), 0);
	unsigned invited = world.orders;
	/* Others are new; those that are invited by and by stay out of this. */
	assert_int_equal(renew((const char *const *)many + 20, 20), 0);
	assert_int_equal(world.orders, invited + 9);
	assert_int_equal(order_world_count(&world.events, "limited"), 1);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
