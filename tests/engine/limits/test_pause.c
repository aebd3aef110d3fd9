#include "unit.h"

#include "engine/limits/pause.h"

#define DAY 86400

static unsigned pause(unsigned failures, unsigned before, bool second_try, enum failure_class class)
{
	const struct failure_series s = {failures, before, second_try};

	return pause_after(&s, class);
}

TEST(one_ten_a_hundred_minutes_then_a_day)
{
	assert_int_equal(pause(0, 0, false, FAILURE_PASSING), 60);
	assert_int_equal(pause(1, 60, false, FAILURE_PASSING), 600);
	assert_int_equal(pause(2, 600, false, FAILURE_PASSING), 6000);
	assert_int_equal(pause(3, 6000, false, FAILURE_PASSING), DAY);
	assert_int_equal(pause(4000000000u, DAY, false, FAILURE_PASSING), DAY);
}

TEST(the_second_try_takes_the_first_step)
{
	assert_int_equal(pause(0, 0, true, FAILURE_PASSING), 600);
	assert_int_equal(pause(1, 600, true, FAILURE_PASSING), 6000);
	assert_int_equal(pause(2, 6000, true, FAILURE_PASSING), DAY);
	assert_int_equal(pause(3, DAY, true, FAILURE_PASSING), DAY);
}

TEST(what_only_a_person_mends_waits_a_day)
{
	assert_int_equal(pause(0, 0, false, FAILURE_PERSON), DAY);
	assert_int_equal(pause(2, 600, true, FAILURE_PERSON), DAY);
}

TEST(never_shrinks)
{
	assert_int_equal(pause(1, DAY, false, FAILURE_PASSING), DAY);
	assert_int_equal(pause(0, 601, true, FAILURE_PASSING), 601);
}

TEST(holds_until_its_end)
{
	assert_true(pause_holds(1060, 60, 1000));
	assert_true(pause_holds(1060, 60, 1059));
	assert_false(pause_holds(1060, 60, 1060));
	assert_false(pause_holds(0, 0, 1000));
}

TEST(a_clock_set_back_lengthens_none)
{
	assert_false(pause_holds(1060, 60, 999));
	assert_false(pause_holds(1060, 60, -1000000));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
