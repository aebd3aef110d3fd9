/* When something is done that may be done at some times only. */
#include "unit.h"

#include "common/openings.h"

#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)

/* Four hours at the begin of each of 30 days. */
static int open_nights(void **state)
{
	static struct openings o;

	for (int64_t day = 0; day < 30; day++)
		openings_add(&o, day * DAY, day * DAY + 4 * HOUR);
	openings_join(&o);
	*state = &o;
	return 0;
}

static int close_nights(void **state)
{
	openings_free(*state);
	return 0;
}

static int64_t moved(void **state, int64_t from, int64_t latest, int64_t now, uint64_t seed)
{
	const struct openings_wish w = {from, from - DAY, latest, now, seed};

	return openings_moved(*state, &w);
}

TEST(what_touches_is_one)
{
	struct openings o = {0};

	openings_add(&o, 50, 60);
	openings_add(&o, 10, 20);
	openings_add(&o, 15, 18);
	openings_add(&o, 20, 30);
	openings_add(&o, 40, 40);
	openings_join(&o);
	assert_int_equal(o.n, 2);
	assert_int_equal(o.at[0].from, 10);
	assert_int_equal(o.at[0].until, 30);
	assert_true(openings_open(&o, 29));
	assert_false(openings_open(&o, 30));
	assert_int_equal(openings_next(&o, 12), 12);
	assert_int_equal(openings_next(&o, 30), 50);
	assert_true(openings_next(&o, 60) == INT64_MAX);
	openings_free(&o);
	openings_join(&o);
	assert_false(openings_open(&o, 0));
}

TEST_WITH(what_is_open_stays, open_nights, close_nights)
{
	assert_int_equal(moved(state, 5 * DAY + HOUR, 20 * DAY, DAY, 7), 5 * DAY + HOUR);
}

/* Not all at once, and so that a run of each hour comes after it. */
TEST_WITH(else_the_next_opening, open_nights, close_nights)
{
	int64_t first = INT64_MAX, last = 0;

	for (uint64_t seed = 0; seed < 20000; seed++) {
		int64_t at = moved(state, 5 * DAY + 6 * HOUR, 20 * DAY, DAY, seed);
		first = at < first ? at : first;
		last = at > last ? at : last;
	}
	assert_int_equal(first, 6 * DAY);
	assert_int_equal(last, 6 * DAY + 3 * HOUR - 1);
}

TEST_WITH(what_was_missed_is_done_in_the_next_from_its_begin_on, open_nights, close_nights)
{
	int64_t from = 5 * DAY + 6 * HOUR;

	assert_true(moved(state, from, 20 * DAY, 6 * DAY + HOUR, 2 * HOUR) > 6 * DAY + HOUR);
	assert_int_equal(moved(state, from, 20 * DAY, 6 * DAY + 5 * HOUR, 2 * HOUR), 7 * DAY);
	assert_true(moved(state, from, 20 * DAY, 7 * DAY, 2 * HOUR) <= 7 * DAY);
}

/* No window is the reason for being late. */
TEST_WITH(not_later_than_may_be, open_nights, close_nights)
{
	int64_t from = 5 * DAY + 6 * HOUR;

	/* the opening before it */
	assert_int_equal(moved(state, from, 6 * DAY, DAY, 0), 5 * DAY);
	/* that one is over */
	assert_int_equal(moved(state, from, 6 * DAY, 5 * DAY + 5 * HOUR, 0), from);
	assert_int_equal(moved(state, from, 6 * DAY + 60, DAY, HOUR), 6 * DAY + 60);
	assert_int_equal(moved(state, from, 20 * DAY, 20 * DAY, 0), from);
	assert_int_equal(moved(state, from, from, DAY, 0), from);
	/* missed, and there is none any more */
	assert_int_equal(moved(state, from, 6 * DAY + 12 * HOUR, 6 * DAY + 6 * HOUR, 0), from);
}

TEST_WITH(as_far_as_is_known, open_nights, close_nights)
{
	struct openings none = {0};
	const struct openings_wish w = {5 * DAY, 0, 20 * DAY, DAY, 0};

	assert_int_equal(moved(state, 70 * DAY, 90 * DAY, DAY, 0), 70 * DAY);
	assert_int_equal(openings_moved(&none, &w), 5 * DAY);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
