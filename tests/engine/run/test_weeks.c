/* Weeks of many certificates of 45 days with a run each hour, in the order machine's scripted world. As the
 * launcher does, a run is given what the index says is to be looked at.
 *
 *     ./test_weeks                               300 certificates, 37 days
 *     WEEKS=10000,90 ./test_weeks levelled       so many certificates and days; TMPDIR in memory saves most of the time */
#include "unit.h"

#include "common/db.h"
#include "engine/journal/handover.h"
#include "engine/journal/schema.h"
#include "engine/run/levelling.h"
#include "run/renewal_case.h"

#define LIFE        (45 * DAY)
#define CYCLE       (30 * DAY) /* from one renewal to the next */
#define OUT         4          /* the day on which the CA is out for ... */
#define OUT_HOURS   36
#define CALM        (OUT + 2 + 3) /* from that day on nothing is to be seen of it */
#define DAYS_MOST   400
#define ORDERS_MOST 300                 /* in three hours */
#define WALL        INT64_C(4000000000) /* the same moments each time */

static unsigned many = 300, days = 37;
static char **name;
static bool levels;
static unsigned load[DAYS_MOST * 24]; /* certificates by hour */
static unsigned chosen;               /* before they were due */

static int open_world(void **state)
{
	const char *size = getenv("WEEKS");

	if (size)
		assert_int_equal(sscanf(size, "%u,%u", &many, &days), 2);
	assert_true(days <= DAYS_MOST);
	renewal_open();
	fake_loop_set_wall(e->loop, WALL);
	world.keeps = false;
	world.life_s = LIFE;
	ca_limit[JOB_LIMIT_ORDERS] = (struct bucket_limit){ORDERS_MOST, 3 * HOUR};
	ca_limit[JOB_LIMIT_SETS] = (struct bucket_limit){5, 7 * DAY};
	levels = true;
	chosen = 0;
	memset(load, 0, sizeof(load));
	name = xcalloc(many, sizeof(*name));
	for (unsigned i = 0; i < many; i++) {
		name[i] = xasprintf("n%05u.test", i);
		order_world_publish(name[i], wall_s() - (int64_t)i * CYCLE / many);
	}
	return 0;
}

static int close_world(void **state)
{
	for (unsigned i = 0; i < many; i++)
		free(name[i]);
	free(name);
	return renewal_close(state);
}

static void look_at(void *arg, const char *cert)
{
	strs_add(arg, cert);
}

/* What a run is given. */
static void ask_index(const char *state_db, struct strs *looked)
{
	bool person;
	struct err err;
	struct db *d = journal_open(state_db, &person, &err);

	assert_non_null(d);
	assert_true(handover_each_due(d, wall_s(), look_at, looked, &err));
	if (levels)
		assert_true(levelling_choose(d, wall_s(), &early, &err));
	for (size_t i = 0; i < early.n; i++)
		strs_add(looked, early.at[i]);
	chosen += early.n;
	db_close(d);
}

static void assert_none_expired(void)
{
	for (unsigned i = 0; i < many; i++)
		assert_true(wall_s() < order_world_published(name[i]) + LIFE);
}

static void live_an_hour(unsigned hour)
{
	struct strs looked = {0};
	unsigned before = world.issued;

	world.out = hour >= OUT * 24 && hour < OUT * 24 + OUT_HOURS;
	ask_index(order_world_state(), &looked);
	if (looked.n)
		renew((const char *const *)looked.at, looked.n);
	load[hour] = world.issued - before;
	strs_free(&looked);
	if (hour % 24 == 0)
		assert_none_expired();
}

static void live(void)
{
	int64_t begin = wall_s();

	renew((const char *const *)name, many);
	for (unsigned hour = 1; hour < days * 24; hour++) {
		if (wall_s() < begin + (int64_t)hour * HOUR)
			wait_s((uint64_t)(begin + (int64_t)hour * HOUR - wall_s()));
		live_an_hour(hour);
	}
	assert_none_expired();
}

/* The most in so many hours that begin in these days. */
static unsigned most(unsigned from, unsigned to, unsigned hours)
{
	unsigned n = 0;

	for (unsigned begin = from * 24; begin + hours <= to * 24; begin += hours == 24 ? 24 : 1) {
		unsigned sum = 0;
		for (unsigned hour = begin; hour < begin + hours; hour++)
			sum += load[hour];
		n = sum > n ? sum : n;
	}
	return n;
}

/* Figures for whoever runs the long form. */
static void tell(void)
{
	const double mean = (double)world.issued / days;

	printf("%u certificates, %u days: %.1f a day; most in a day: %.2f x before the outage, %.2f x in the "
	       "3 days "
	       "after it, %.2f x later; most in 3 hours: %u; %u before they were due\n",
	       many, days, mean, most(0, OUT, 24) / mean, most(OUT + 1, CALM, 24) / mean,
	       most(CALM, days, 24) / mean, most(0, days, 3), chosen);
}

/* The CA lets so many orders come at once and counts as many anew in three hours, evenly. */
static void assert_within_limit(void)
{
	double room = ORDERS_MOST;

	for (unsigned hour = 0; hour < days * 24; hour++) {
		room = room + ORDERS_MOST / 3.0 < ORDERS_MOST ? room + ORDERS_MOST / 3.0 : ORDERS_MOST;
		room -= load[hour];
		assert_true(room >= 0);
	}
}

static void assert_load(void)
{
	const unsigned mean = many / 30;

	tell();
	assert_true(most(0, OUT, 24) <= mean * 3 / 2);
	assert_int_equal(most(OUT, OUT + 1, 24), 0);
	assert_in_range(most(OUT + 1, CALM, 24), mean + 1, mean * 3); /* what had to wait */
	assert_within_limit();
	assert_in_range(world.issued, mean * days * 3 / 4, mean * days * 5 / 4);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), world.orders);
	assert_true(world.orders <= world.issued + 1);
}

/* What waited for the CA comes due at the same time again: not all at once. */
TEST_WITH(levelled, open_world, close_world)
{
	live();
	assert_load();
	assert_true(most(CALM, days, 24) <= many / 30 * 3 / 2);
	assert_in_range(chosen, 1, many);
}

/* That is what it would be without. */
TEST_WITH(not_levelled, open_world, close_world)
{
	levels = false;
	live();
	assert_load();
	assert_true(most(CALM, days, 24) > many / 30 * 3 / 2);
}

TEST_WITH(with_advice, open_world, close_world)
{
	days = getenv("WEEKS") ? days : 9;
	world.advises = true;
	live();
	assert_load();
	assert_in_range(order_world_count(&world.requests, "renewalInfo"), many * days * 11 / 8,
	                many * days * 17 / 8);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return unit_run(NULL, NULL);
}
