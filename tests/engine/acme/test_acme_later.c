/* A CA that says "later", lies, or is left: what a request does then. */
#include "acme_case.h"

static struct got posted_as(enum acme_again again)
{
	struct got g = {0};

	left = 1;
	post("https://ca.test/order", false, false, again, on_answer, &g);
	loop_run(world.loop);
	return g;
}

static unsigned waits;

static void on_wait(void *arg, const char *text, uint64_t ms)
{
	waits++;
}

/* What the CA did not act on is repeated whatever it is. */
CASE(test_rate_limits)
{
	uint64_t before;

	opened(1);
	waits = 0;
	acme_on_wait(acme, on_wait, NULL);
	for (int again = ACME_AGAIN; again <= ACME_LOOK_FIRST; again++) {
		before = loop_now(world.loop);
		world.later = 2;
		world.later_status = 429;
		world.retry_after = "7";
		assert_int_equal(posted_as((enum acme_again)again).well, 1);
		assert_true(loop_now(world.loop) - before >= 14000);
	}
	assert_int_equal(waits, 6);
}

CASE(test_a_rate_limit_of_an_hour)
{
	uint64_t before;
	struct got g;

	opened(1);
	before = loop_now(world.loop);
	world.later = 1;
	world.later_status = 429;
	world.retry_after = "3600";
	g = posted_as(ACME_AGAIN);
	assert_int_equal(g.status, 429);
	assert_int_equal(g.retry_after_ms, 3600000);
	assert_false(g.maybe_done);
	assert_true(loop_now(world.loop) - before < 1000);
}

/* 5xx: a read goes on, newOrder is sent once more, challenge and finalize are left to the caller. */
CASE(test_server_errors)
{
	struct got g;

	opened(1);
	world.later_status = 502;
	world.later = 3;
	assert_int_equal(posted_as(ACME_AGAIN).well, 1);
	assert_int_equal(world.posts, 4);
	world.later = 1;
	assert_int_equal(posted_as(ACME_AGAIN_ONCE).well, 1);
	assert_int_equal(world.posts, 6);
	world.later = 2;
	g = posted_as(ACME_AGAIN_ONCE);
	assert_int_equal(g.status, 502);
	assert_true(g.maybe_done);
	assert_int_equal(world.posts, 8);
	world.later = 1;
	g = posted_as(ACME_LOOK_FIRST);
	assert_int_equal(g.status, 502);
	assert_true(g.maybe_done);
	assert_int_equal(world.posts, 9);
}

CASE(test_directory_later)
{
	world.directory_failures = 4;
	world.directory_failure = 503;
	assert_int_equal(opened(1).well, 1);
	assert_int_equal(world.gets, 5);
}

/* A name that is wrong is told soon. */
CASE(test_directory_never_reached)
{
	uint64_t before = loop_now(world.loop);

	world.directory_failures = 1000;
	assert_int_equal(opened(1).well, 0);
	assert_true(loop_now(world.loop) - before <= 31000);
}

CASE(test_other_hosts)
{
	struct got g;

	opened(1);
	for (const char **url = (const char *[]){"https://evil.test/order", "https://ca.test:444/order",
	                                         "http://ca.test/order", "https://ca.test@evil.test/", "",
	                                         "nonsense\x1b", "https://ca.test.evil.test/order", NULL};
	     *url; url++) {
		g = posted_n(1, *url, false);
		assert_int_equal(g.well, 0);
		assert_int_equal(g.class, PROBLEM_NONSENSE);
		assert_non_null(strstr(g.text, "not on the host of its directory"));
	}
	assert_int_equal(world.posts, 0);
}

CASE(test_not_ready)
{
	struct got g = posted_n(1, "https://ca.test/order", false);

	assert_non_null(strstr(g.text, "the directory was not fetched"));
	opened(1);
	acme_set_kid(acme, NULL);
	g = posted_n(1, "https://ca.test/order", false);
	assert_non_null(strstr(g.text, "no account"));
}

CASE(test_keeper_refuses)
{
	struct got g;

	opened(1);
	world.keeper_error = "host not pinned";
	g = posted_n(3, "https://ca.test/order", false);
	assert_int_equal(g.well, 0);
	assert_string_equal(g.text, "the keeper did not sign: host not pinned");
	assert_int_equal(g.class, PROBLEM_PERSON);
	world.keeper_error = NULL;
	assert_int_equal(posted_n(3, "https://ca.test/order", false).well, 3);
}

CASE(test_cancel)
{
	struct got none = {0}, g = {0};
	struct acme_call *c[20];

	opened(2);
	left = 1;
	for (size_t i = 0; i < 20; i++)
		c[i] = acme_read(acme, "https://ca.test/order", "", on_answer, &none);
	acme_read(acme, "https://ca.test/order", "", on_answer, &g);
	fake_loop_advance(world.loop, 75);
	for (size_t i = 0; i < 20; i++)
		acme_cancel(c[i]);
	loop_run(world.loop);
	assert_int_equal(none.calls, 0);
	assert_int_equal(g.calls, 1);
}

static void on_answer_free(void *arg, const struct acme_answer *a)
{
	unsigned *calls = arg;

	(*calls)++;
	acme_free(acme);
	acme = NULL;
	loop_stop(world.loop);
}

CASE(test_free_inside)
{
	unsigned calls = 0;

	opened(4);
	for (int i = 0; i < 20; i++)
		acme_read(acme, i % 2 ? "https://ca.test/order" : "https://evil.test/", "", on_answer_free,
		          &calls);
	loop_run(world.loop);
	assert_int_equal(calls, 1);
}

CASE(test_free_inside_open)
{
	unsigned calls = 0;

	acme_open(acme, 1, on_answer_free, &calls);
	acme_open(acme, 1, on_answer_free, &calls);
	loop_run(world.loop);
	assert_int_equal(calls, 1);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
