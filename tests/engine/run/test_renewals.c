/* Many runs of `renew` one after the other, in the order machine's scripted world: what failed rests. The long form:
 *
 *     EACH_MINUTE=1 MANY=3000 ./test_renewals        TMPDIR in memory saves most of the time */
#include "unit.h"

#include "common/mem.h"
#include "engine/run/stops.h"
#include "run/renewal_case.h"

#define MANY_MOST 3000

static unsigned many = 300;
static char *names[MANY_MOST];
static const char *const *const certs = (const char *const *)names;
static const char *const one[] = {"a.test"}, *const two[] = {"bad.test", "good.test"};

static int open_world(void **state)
{
	if (getenv("MANY"))
		assert_int_equal(sscanf(getenv("MANY"), "%u", &many), 1);
	assert_true(many <= MANY_MOST);
	for (unsigned i = 0; i < many; i++)
		names[i] = xasprintf("n%04u.test", i);
	renewal_open();
	return 0;
}

static int close_world(void **state)
{
	for (unsigned i = 0; i < many; i++)
		free(names[i]);
	return renewal_close(state);
}

/* Orders that one more run makes. */
static unsigned orders_of(const char *const *all, size_t n)
{
	unsigned before = world.orders;

	renew(all, n);
	return world.orders - before;
}

static void provider_says(enum pool_rc rc)
{
	world.add_each = rc;
	for (size_t i = 0; i < WORLD_SCRIPT; i++)
		world.add[i] = rc;
}

/* When each order was made, with a run every minute for so many days. */
struct tries {
	uint64_t at[100];
	size_t n;
};

static void tries_add(struct tries *t, unsigned orders, uint64_t at)
{
	for (unsigned i = 0; i < orders; i++) {
		assert_true(t->n < sizeof(t->at) / sizeof(*t->at));
		t->at[t->n++] = at;
	}
}

/* A run every minute; but for the long form one in two hours must do where nothing is tried: not in the first three
 * hours, and not around a day after the last try. */
static uint64_t next_run(const struct tries *t, uint64_t begin, uint64_t at)
{
	uint64_t again = t->at[t->n - 1] + DAY - 3 * MINUTE;

	if (at < begin + 3 * HOUR || at >= again || getenv("EACH_MINUTE"))
		return at + MINUTE;
	return at + 2 * HOUR < again ? at + 2 * HOUR : again;
}

static void run_each_minute(struct tries *t, const char *const *all, size_t n, uint64_t days)
{
	uint64_t begin = now_s();

	while (now_s() < begin + days * DAY) {
		uint64_t at = now_s();
		tries_add(t, orders_of(all, n), at);
		at = next_run(t, begin, at);
		if (now_s() < at)
			wait_s(at - now_s());
	}
}

/* Each try is a validation that fails. The pause itself never shrinks; runs are a minute apart. */
static void assert_backs_off(const struct tries *t)
{
	for (size_t i = 3; i < t->n; i++)
		assert_true(t->at[i] - t->at[i - 3] >= HOUR);
	for (size_t i = 2; i < t->n; i++)
		assert_true(t->at[i] - t->at[i - 1] + MINUTE >= t->at[i - 1] - t->at[i - 2]);
}

TEST_WITH(a_name_that_fails_for_thirty_days, open_world, close_world)
{
	struct tries t = {.n = 0};

	world.refuse_name = "bad.test";
	assert_int_equal(renew(two, 2), 1); /* the other one is done */
	assert_true(strs_has(&world.published, "good.test"));
	tries_add(&t, world.orders - 1, 0);
	assert_int_equal(t.n, 2);           /* the second try */
	assert_int_equal(renew(two, 2), 0); /* a rest is no failure */
	run_each_minute(&t, two, 2, 30);
	assert_in_range(t.n, 30, 33);
	assert_backs_off(&t);
	assert_int_equal(orders_of(one, 1), 1); /* another is as if nothing had been */
	world.refuse_name = NULL;
	wait_s(DAY);
	assert_int_equal(orders_of(two, 2), 1);
	assert_true(strs_has(&world.published, "bad.test"));
}

/* ... until its settings, or a file that they name, are others. */
TEST_WITH(what_changed_is_tried_at_once, open_world, close_world)
{
	provider_says(POOL_AUTH);
	assert_int_equal(renew(one, 1), 2);
	wait_s(23 * HOUR); /* only a person can mend it */
	assert_int_equal(orders_of(one, 1), 0);
	depends = "2";
	assert_int_equal(orders_of(one, 1), 1);
	assert_int_equal(orders_of(one, 1), 0);
	depends = "3";
	provider_says(POOL_OK);
	assert_int_equal(renew(one, 1), 0);
	assert_true(strs_has(&world.published, "a.test"));
}

TEST_WITH(a_person_tries_at_once, open_world, close_world)
{
	world.refuse_validation = true;
	assert_int_equal(orders_of(one, 1), 2);
	named = true;
	assert_int_equal(orders_of(one, 1), 0);
	assert_int_equal(order_world_count(&world.events, "resting"), 1);
	retry = true;
	assert_int_equal(orders_of(one, 1), 1);
	retry = named = false;
	assert_int_equal(orders_of(one, 1), 0);
	issue = true;
	assert_int_equal(orders_of(one, 1), 1);
	assert_int_equal(order_world_count(&world.events, "resting"), 1);
}

/* A run an hour: renewed in the first night after it is due; what is urgent and what is not there yet, at once. */
TEST_WITH(renewed_at_night, open_world, close_world)
{
	world.life_s = 90 * DAY;
	for (int64_t day = -1; day < 30; day++)
		openings_add(&nights, RENEWAL_START + day * DAY + 20 * HOUR,
		             RENEWAL_START + day * DAY + 24 * HOUR);
	assert_int_equal(orders_of(two, 2), 2);
	order_world_publish("a.test", wall_s() - 61 * DAY);
	order_world_publish("bad.test", wall_s() - 84 * DAY);
	assert_int_equal(orders_of(two, 1), 1);
	while (!orders_of(one, 1))
		wait_s(HOUR);
	assert_true(openings_open(&nights, wall_s()));
	assert_true(wall_s() < RENEWAL_START + 25 * HOUR);
}

/* The CA's own wait is not ours to clear. */
TEST_WITH(nobody_clears_what_the_ca_asked_for, open_world, close_world)
{
	size_t asked;

	world.neworder_problem = "urn:ietf:params:acme:error:rateLimited";
	world.neworder_retry_after = "7200";
	renew(one, 1);
	asked = order_world_count(&world.calls, "newOrder");
	retry = true;
	wait_s(HOUR);
	renew(one, 1);
	issue = true;
	renew(one, 1);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), asked);
}

/* Each run that the account goes on failing tries one more. */
TEST_WITH(a_dns_account_that_fails_is_tried_by_few, open_world, close_world)
{
	provider_says(POOL_AUTH);
	assert_int_equal(orders_of(certs, many), STOP_ROW);
	assert_int_equal(order_world_count(&world.events, "stopped"), 1);
	wait_s(MINUTE);
	assert_int_equal(orders_of(certs, many), 1);
	assert_int_equal(order_world_count(&world.events, "stopped"), 2);
	assert_int_equal(order_world_count(&world.events, "failed"), STOP_ROW + 1);
	provider_says(POOL_OK);
	depends = "mended";
	assert_int_equal(renew(certs, many), 0);
	assert_int_equal(world.published.n, many);
	assert_int_equal(world.orders, many + STOP_ROW + 1);
}

/* A mend that nobody here sees: who failed for that account is free by the next run. */
TEST_WITH(a_dns_account_that_works_again_frees_its_certificates, open_world, close_world)
{
	provider_says(POOL_AUTH);
	renew(certs, many);
	provider_says(POOL_OK);
	wait_s(MINUTE);
	assert_int_equal(renew(certs, many), 0);
	assert_int_equal(world.published.n, many - STOP_ROW);
	assert_int_equal(renew(certs, many), 0);
	assert_int_equal(world.published.n, many);
}

/* Of several DNS accounts the one that serves is known late: what has not begun by then is put off. */
TEST_WITH(one_of_two_dns_accounts_rests, open_world, close_world)
{
	second_dns = true;
	provider_says(POOL_AUTH);
	assert_in_range(orders_of(certs, many), STOP_ROW, 64);
	assert_int_equal(order_world_count(&world.events, "stopped"), 1);
	assert_int_equal(order_world_count(&world.events, "failed"), world.orders);
	provider_says(POOL_OK);
	depends = "mended";
	assert_int_equal(renew(certs, many), 0);
	assert_int_equal(world.published.n, many);
}

/* The names' own failures stop nobody. */
TEST_WITH(names_that_fail_stop_no_account, open_world, close_world)
{
	world.refuse_validation = true;
	assert_int_equal(orders_of(certs, 12), 24);
	assert_int_equal(order_world_count(&world.events, "stopped"), 0);
}

TEST_WITH(a_ca_account_that_fails_is_tried_by_few, open_world, close_world)
{
	world.neworder_problem = "urn:ietf:params:acme:error:userActionRequired";
	renew(certs, many);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), STOP_ROW);
	renew(certs, many);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), STOP_ROW + 1);
	world.neworder_problem = NULL;
	depends = "mended";
	assert_int_equal(renew(certs, many), 0);
	assert_int_equal(world.published.n, many);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
