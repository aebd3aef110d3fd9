/* Orders of one run whose values stand at one name. */
#include "unit.h"

#include "renewal_case.h"

#define TARGET "_acme.shared.test"

static const char *const three[] = {"a.test", "b.test", "c.test"};

static int open_shared(void **state)
{
	renewal_open();
	issue = true;
	world.target = TARGET;
	return 0;
}

#define SHARED(name) TEST_WITH(name, open_shared, renewal_close)

/* The set that the resolver was shown for the first has the values of all. */
SHARED(is_not_held_by_the_cache_of_the_ca)
{
	const uint64_t before = now_s();

	world.resolver_cache_ms = 60 * 1000;
	world.validation_ms = 2000;
	assert_int_equal(renew(three, 3), 0);
	assert_int_equal(world.issued, 3);
	assert_int_equal(order_world_count(&world.events, "second-try"), 0);
	assert_true(now_s() - before < 20);
	assert_int_equal(world.most_stored, 3);
}

SHARED(puts_no_more_values_than_are_held)
{
	world.most_values = 2;
	world.validation_ms = 2000;
	assert_int_equal(renew(three, 3), 0);
	assert_int_equal(world.issued, 3);
	assert_int_equal(world.most_stored, 2);
	assert_false(world.early_challenge);
}

SHARED(puts_one_value_at_a_time_where_one_is_held)
{
	world.most_values = 1;
	world.validation_ms = 2000;
	assert_int_equal(renew(three, 3), 0);
	assert_int_equal(world.issued, 3);
	assert_int_equal(world.most_stored, 1);
	assert_int_equal(world.announced_at_del, 0); /* those that wait for room announce nothing */
	assert_int_equal(order_world_count(&world.calls, "add"), 3);
	assert_int_equal(world.store.n, 0);
}

/* Where one cannot put its value, the others wait for it no longer. */
SHARED(goes_on_without_one_that_fails)
{
	const uint64_t before = now_s();

	world.add[0] = POOL_AUTH;
	assert_int_equal(renew(three, 3), 2);
	assert_int_equal(world.issued, 2);
	assert_true(now_s() - before < 20);
}

/* One whose order the CA opens late is waited for, but not for long. */
SHARED(waits_for_half_a_minute)
{
	const uint64_t before = now_s();

	world.fault = (struct world_fault){WORLD_PROBLEM,    "authorization",      503,
	                                   "serverInternal", .retry_after = "200", .times = 1};
	assert_int_equal(renew(three, 3), 0);
	assert_int_equal(world.issued, 3);
	assert_in_range(world.first_challenge / 1000 - before, 30, 40);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
