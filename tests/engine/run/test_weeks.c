/* Weeks of many certificates of 45 days with a run each hour, in the order machine's scripted world. As the
 * launcher does, a run is given what the index says is to be looked at. */
#include "unit.h"

#include "common/db.h"
#include "engine/journal/schema.h"
#include "run/renewal_case.h"

#define MANY  300
#define LIFE  (45 * DAY)
#define CYCLE (30 * DAY) /* from one renewal to the next */
#define DAYS  35
#define WALL  INT64_C(4000000000) /* the same moments each time */

static char *name[MANY];
static const char *looked[MANY];
static size_t n_looked;
static unsigned load[DAYS + 1];

static int open_world(void **state)
{
	renewal_open();
	fake_loop_set_wall(e->loop, WALL);
	world.keeps = false;
	world.life_s = LIFE;
	memset(load, 0, sizeof(load));
	for (int i = 0; i < MANY; i++) {
		name[i] = xasprintf("n%04d.test", i);
		order_world_publish(name[i], wall_s() - (int64_t)i * CYCLE / MANY);
	}
	return 0;
}

static int close_world(void **state)
{
	for (int i = 0; i < MANY; i++)
		free(name[i]);
	return renewal_close(state);
}

static bool look_at(void *arg, struct db_row *r)
{
	unsigned i = 0;

	sscanf(db_text(r, 0), "n%4u", &i);
	looked[n_looked++] = name[i % MANY];
	return n_looked < MANY;
}

/* What a run is given. */
static void ask_index(const char *state_db)
{
	bool person;
	struct err err;
	struct db *d = journal_open(state_db, &person, &err);

	n_looked = 0;
	assert_non_null(d);
	assert_true(db_each(d, &err, look_at, NULL,
	                    "SELECT cert FROM certificates WHERE look_at<=? ORDER BY cert", "i", wall_s()));
	db_close(d);
}

static void assert_none_expired(void)
{
	for (int i = 0; i < MANY; i++)
		assert_true(wall_s() < order_world_published(name[i]) + LIFE);
}

/* A run each hour; the CA is out in the hours from..to. */
static void live(unsigned hours, unsigned from, unsigned to)
{
	int64_t begin = wall_s();

	renew((const char *const *)name, MANY);
	for (unsigned hour = 1; hour < hours; hour++) {
		unsigned before = world.issued;
		world.out = hour >= from && hour < to;
		if (wall_s() < begin + (int64_t)hour * HOUR)
			wait_s((uint64_t)(begin + (int64_t)hour * HOUR - wall_s()));
		ask_index(order_world_state());
		if (n_looked)
			renew(looked, n_looked);
		load[hour / 24] += world.issued - before;
		if (hour % 24 == 0)
			assert_none_expired();
	}
}

static unsigned most(unsigned from, unsigned to)
{
	unsigned n = 0;

	for (unsigned i = from; i < to; i++)
		n = load[i] > n ? load[i] : n;
	return n;
}

/* The CA is out from day `out` for 36 hours. */
static void assert_load(unsigned days, unsigned out)
{
	const unsigned mean = MANY / 30;

	assert_none_expired();
	assert_true(most(0, out) <= mean * 3 / 2);
	assert_int_equal(load[out], 0);
	assert_in_range(most(out + 1, out + 4), mean + 1, mean * 3); /* what had to wait */
	assert_true(most(out + 4, days) <= mean * 2);
	assert_in_range(world.issued, mean * days * 3 / 4, mean * days * 5 / 4);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), world.orders);
	assert_true(world.orders <= world.issued + 1);
}

TEST_WITH(without_advice, open_world, close_world)
{
	live(DAYS * 24, 15 * 24, 15 * 24 + 36);
	assert_load(DAYS, 15);
}

TEST_WITH(with_advice, open_world, close_world)
{
	world.advises = true;
	live(8 * 24, 3 * 24, 3 * 24 + 36);
	assert_load(8, 3);
	assert_in_range(order_world_count(&world.requests, "renewalInfo"), MANY * 11, MANY * 17);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
