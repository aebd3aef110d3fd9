/* Runs of `renew` at a CA that says when to renew (RFC 9773), in the order machine's scripted world. */
#include "unit.h"

#include "common/mem.h"
#include "common/when.h"
#include "fake_loop.h"
#include "run/renewal_case.h"

#define LIFE (90 * DAY)

static const char *const one[] = {"a.test"};
static char advice[512];

static int open_world(void **state)
{
	renewal_open();
	world.life_s = LIFE;
	world.advises = true;
	return 0;
}

/* The CA suggests that window, in seconds from now. */
static void suggests(int64_t start, int64_t end)
{
	char from[32], to[32];

	snprintf(advice, sizeof(advice), "{\"suggestedWindow\":{\"start\":\"%s\",\"end\":\"%s\"}}",
	         when_iso(wall_s() + start, from), when_iso(wall_s() + end, to));
	world.advice = advice;
}

static size_t asked(void)
{
	return order_world_count(&world.requests, "renewalInfo");
}

/* Runs each hour for so many hours; the orders they made. */
static unsigned hours(unsigned n)
{
	unsigned before = world.orders;

	for (unsigned i = 0; i < n; i++) {
		assert_int_equal(renew(one, 1), 0);
		wait_s(HOUR);
	}
	return world.orders - before;
}

TEST_WITH(renews_as_the_ca_suggests, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s());
	suggests(-7200, -3600);
	assert_int_equal(hours(13), 1);
	assert_int_equal(order_world_count(&world.events, "due"), 1);
	assert_string_equal(world.replaced.at[0] + strlen(world.replaced.at[0]) - 2, "-1");
	assert_true(str_starts(world.replaced.at[0], "QUtJ."));
	assert_int_equal(asked(), 1);
}

/* The moment is chosen once, in the window, and kept; the third of the lifetime does not count. */
TEST_WITH(waits_for_the_moment_in_the_window, open_world, renewal_close)
{
	int64_t begin = wall_s(), renewed;

	order_world_publish("a.test", begin - 70 * DAY);
	world.advice_retry_after = "21600";
	suggests(2 * DAY, 4 * DAY);
	assert_int_equal(renew(one, 1),
	                 0); /* it asks before it looks at the lifetime: no row yet, but its moment */
	while (!world.orders && wall_s() < begin + 10 * DAY)
		hours(1);
	renewed = order_world_published("a.test");
	assert_in_range(renewed - begin, 2 * DAY, 4 * DAY + HOUR);
}

TEST_WITH(asks_twice_a_day, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s());
	assert_int_equal(hours(10 * 24), 0);
	assert_in_range(asked(), 19, 20);
	world.advice_retry_after = "86400";
	hours(24);
	size_t before = asked();
	hours(10 * 24);
	assert_in_range(asked() - before, 6, 10);
}

TEST_WITH(asks_short_lives_each_six_hours, open_world, renewal_close)
{
	world.life_s = 9 * DAY;
	order_world_publish("a.test", wall_s());
	assert_int_equal(hours(48), 0);
	assert_in_range(asked(), 7, 8);
}

/* Whatever the answer is: the third of the lifetime decides, and it is asked again after 6 hours, not before. */
static void broken_advice(const char *text, int status, const char *retry_after)
{
	size_t before = asked();
	unsigned orders = world.orders;

	world.advice = text;
	world.advice_status = status;
	world.advice_retry_after = retry_after;
	order_world_publish("a.test", wall_s() - 30 * DAY);
	for (int i = 0; asked() == before && i < 13; i++)
		hours(1);
	assert_int_equal(asked(), before + 1);
	assert_int_equal(hours(5), 0);
	assert_int_equal(asked(), before + 1);
	hours(2);
	assert_int_equal(asked(), before + 2);
	assert_int_equal(world.orders, orders);
	order_world_publish("a.test", wall_s() - 61 * DAY);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, orders + 1);
}

TEST_WITH(what_is_no_advice, open_world, renewal_close)
{
	char *huge = xcalloc(1, 70000);

	memset(huge, '[', 69999);
	broken_advice("<html>sorry</html>", 200, NULL);
	broken_advice("", 503, NULL);
	broken_advice("{}", 429, "60");
	broken_advice(
	    "{\"suggestedWindow\":{\"start\":\"2026-01-02T00:00:00Z\",\"end\":\"2026-01-01T00:00:00Z\"}}", 0,
	    NULL);
	broken_advice(
	    "{\"suggestedWindow\":{\"start\":\"9999-01-01T00:00:00Z\",\"end\":\"9999-02-01T00:00:00Z\"}}", 0,
	    "1");
	broken_advice("{\"suggestedWindow\":{\"start\":5,\"end\":\"tomorrow\"}}", 0, "garbage");
	broken_advice(huge, 0, NULL);
	free(huge);
}

TEST_WITH(a_retry_after_is_never_too_long, open_world, renewal_close)
{
	size_t before;

	world.advice_status = 429;
	world.advice_retry_after = "999999999";
	order_world_publish("a.test", wall_s());
	hours(13);
	before = asked();
	assert_int_equal(before, 1);
	hours(25);
	assert_in_range(asked(), before + 1, before + 2);
}

/* A CA that is down is asked again after 6 hours, and nothing waits for it. */
TEST_WITH(a_ca_that_is_down, open_world, renewal_close)
{
	static const char *const many[] = {"a.test", "b.test", "c.test", "d.test"};
	size_t before;

	for (size_t i = 0; i < 4; i++)
		order_world_publish(many[i], wall_s() - 30 * DAY);
	world.out = true;
	assert_int_equal(renew(many, 4), 0);
	before = order_world_count(&world.requests, "directory");
	assert_int_equal(asked(), 0);
	assert_int_equal(renew(many, 4), 0);
	assert_int_equal(order_world_count(&world.requests, "directory"), before);
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.events, "failed"), 0);
}

TEST_WITH(a_ca_without_advice_is_not_told_what_is_replaced, open_world, renewal_close)
{
	world.advises = false;
	order_world_publish("a.test", wall_s() - 61 * DAY);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, 1);
	assert_string_equal(world.replaced.at[0], "");
}

static void refuses_what_is_replaced(const char *type)
{
	world.replaces_problem = type;
	order_world_publish("a.test", wall_s() - 61 * DAY);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, 1);
	assert_int_equal(world.replaced.n, 2);
	assert_string_equal(world.replaced.at[1], "");
	assert_int_equal(order_world_count(&world.events, "replaced"), 1);
}

TEST_WITH(another_client_has_replaced_it, open_world, renewal_close)
{
	refuses_what_is_replaced("urn:ietf:params:acme:error:alreadyReplaced");
}

TEST_WITH(an_older_ca_says_malformed, open_world, renewal_close)
{
	refuses_what_is_replaced("urn:ietf:params:acme:error:malformed");
}

static void ask_and_stop(void *state)
{
	run_wind_down(run);
}

/* A signal does not wait for the CA's word. */
TEST_WITH(a_question_is_dropped_when_the_run_winds_down, open_world, renewal_close)
{
	struct loop_timer *soon;

	order_world_publish("a.test", wall_s() - 30 * DAY);
	world.out = true;
	soon = loop_timer_new(e->loop, ask_and_stop, NULL);
	loop_timer_set(soon, 1000);
	uint64_t begin = now_s();
	assert_int_equal(renew(one, 1), 1);
	assert_in_range(now_s() - begin, 0, 2);
	loop_timer_free(soon);
}

/* `issue` heeds what is known, and asks nobody. */
TEST_WITH(only_renew_asks, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s() - 30 * DAY);
	issue = true;
	for (int i = 0; i < 14; i++) {
		assert_int_equal(renew(one, 1), 3);
		wait_s(HOUR);
	}
	assert_int_equal(asked(), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
