/* The session with a CA: directory, nonces, signed requests. */
#include "acme_case.h"

static void test_open(void **state)
{
	struct got g;

	assert_null(acme_directory(acme));
	g = opened(3);
	assert_int_equal(g.status, 200);
	assert_string_equal(g.text, "");
	assert_string_equal(acme_directory(acme)->new_order, "https://ca.test/order");
	g = opened(3);
	assert_int_equal(g.status, 200);
	assert_int_equal(world.gets, 1);
	fake_loop_advance(world.loop, 1000);
	assert_int_equal(world.heads, 3);
	assert_int_equal(acme_requests(acme), 2);
}

static void test_open_twice_at_once(void **state)
{
	struct got a = {0}, b = {0};

	left = 2;
	acme_open(acme, 1, on_answer, &a);
	acme_open(acme, 1, on_answer, &b);
	loop_run(world.loop);
	assert_int_equal(a.well + b.well, 2);
	assert_int_equal(world.gets, 1);
}

static void open_fails(const char *words, enum problem_class class)
{
	struct got g = opened(1);

	assert_int_equal(g.well, 0);
	assert_non_null(strstr(g.text, words));
	assert_int_equal(g.class, class);
	assert_null(acme_directory(acme));
}

static void test_clock(void **state)
{
	world.date = "Sun, 06 Nov 1994 08:49:37 GMT";
	open_fails("set the clock", PROBLEM_PERSON);
	world.date = "garbage";
	assert_int_equal(opened(1).well, 1);
}

static void test_clock_without_date(void **state)
{
	world.date = NULL;
	assert_int_equal(opened(1).well, 1);
}

static void test_bad_directories(void **state)
{
	world.directory = "<html>";
	open_fails("no ACME directory", PROBLEM_NONSENSE);
	world.directory = "{\"newNonce\":\"http://ca.test/n\"}";
	open_fails("no ACME directory", PROBLEM_NONSENSE);
	world.directory = "{\"newNonce\":\"https://evil.test/n\"}";
	open_fails("newNonce is on another host", PROBLEM_NONSENSE);
	world.directory_status = 404;
	open_fails("directory " DIRECTORY ": HTTP 404", PROBLEM_PERSON);
	world.directory_status = 503;
	open_fails("HTTP 503", PROBLEM_LATER);
	world.directory_status = 302;
	open_fails("redirects are not followed", PROBLEM_PERSON);
}

static void test_post(void **state)
{
	struct got g;

	opened(1);
	world.status = 201;
	world.location = "https://ca.test/order/1";
	world.link = "<https://ca.test/alt>;rel=\"alternate\"";
	world.retry_after = "5";
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.status, 201);
	assert_true(g.json);
	assert_string_equal(g.location, world.location);
	assert_string_equal(g.alternate, "https://ca.test/alt");
	assert_int_equal(g.retry_after_ms, 5000);
	assert_string_equal(world.last_kid, "https://ca.test/me");
	assert_string_equal(world.last_payload, "{}");
	posted_n(1, "https://ca.test/order", true);
	assert_string_equal(world.last_payload, "");
}

static void test_new_account(void **state)
{
	struct got g = {0};

	opened(1);
	left = 1;
	post("https://ca.test/account", false, true, ACME_AGAIN, on_answer, &g);
	loop_run(world.loop);
	assert_int_equal(g.well, 1);
	assert_string_equal(world.last_kid, "");
}

static void test_answers_of_no_use(void **state)
{
	struct got g;

	opened(1);
	world.body = "<html>wait</html>";
	world.type = "text/html";
	world.location = "javascript:x";
	world.retry_after = "soon";
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.status, 200);
	assert_false(g.json);
	assert_string_equal(g.location, "");
	assert_int_equal(g.retry_after_ms, 0);
	world.status = 503;
	world.retry_after = "Sun, 06 Nov 2094 08:49:37 GMT";
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.status, 503);
	assert_string_equal(g.text, "HTTP 503 (text/html)");
	assert_int_equal(g.class, PROBLEM_LATER);
	assert_int_equal(g.retry_after_ms, 7 * 24 * 3600 * 1000);
	assert_true(g.maybe_done);
	assert_int_equal(world.posts, 2);
}

static void test_half_of_the_nonces_refused(void **state)
{
	struct got g;

	world.refuse_percent = 50;
	opened(1);
	g = posted_n(100, "https://ca.test/order", false);
	assert_int_equal(g.well, 100);
	assert_true(world.bad_nonces > 50);
	assert_true(world.heads <= 110);
}

static void test_nine_in_ten_refused(void **state)
{
	world.refuse_percent = 90;
	opened(1);
	assert_int_equal(posted_n(100, "https://ca.test/order", false).well, 100);
}

static void test_all_nonces_refused(void **state)
{
	uint64_t before = loop_now(world.loop);
	struct got g;

	world.refuse_percent = 100;
	opened(1);
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.well, 0);
	assert_int_equal(g.class, PROBLEM_BAD_NONCE);
	assert_int_equal(g.status, 400);
	assert_in_range(world.posts, 50, 101);
	assert_int_equal(world.heads, 1);
	assert_true(loop_now(world.loop) - before <= 62000);
}

static void test_refused_without_nonce(void **state)
{
	world.refuse_percent = 70;
	world.refuse_without_nonce = true;
	opened(1);
	assert_int_equal(posted_n(20, "https://ca.test/order", false).well, 20);
}

static void test_many_need_nonces(void **state)
{
	struct got g;

	opened(2);
	g = posted_n(300, "https://ca.test/authz", true);
	assert_int_equal(g.well, 300);
	assert_int_equal(world.posts, 300);
	assert_int_equal(world.heads_at_once_most, 10);
}

/* directory, newNonce, newAccount, newOrder, authorizations, challenges, polls, finalize, poll, download */
static uint64_t issue(unsigned names)
{
	uint64_t before = loop_now(world.loop);
	struct got g = {0};

	opened(names);
	left = 1;
	post("https://ca.test/account", false, true, ACME_AGAIN, on_answer, &g);
	loop_run(world.loop);
	posted_n(1, "https://ca.test/order", false);
	posted_n(names, "https://ca.test/authz", true);
	posted_n(names, "https://ca.test/challenge", false);
	posted_n(names, "https://ca.test/authz", true);
	posted_n(1, "https://ca.test/finalize", false);
	posted_n(1, "https://ca.test/order/1", true);
	assert_int_equal(posted_n(1, "https://ca.test/certificate", true).well, 1);
	return loop_now(world.loop) - before;
}

static void test_round_trips(void **state)
{
	uint64_t ms = issue(2);

	assert_int_equal(acme_requests(acme), 10);
	assert_in_range(ms, 500, 510);
}

static void test_hundred_names(void **state)
{
	assert_in_range(issue(100), 500, 750);
	assert_int_equal(world.heads_at_once_most, 10);
}

static void test_hundred_names_limited(void **state)
{
	world.nonce_limit = 20;
	assert_in_range(issue(100), 500, 1500);
}

static void test_no_nonces_to_be_had(void **state)
{
	struct got g;
	uint64_t before;

	opened(1);
	fake_loop_advance(world.loop, 10 * 60 * 1000);
	before = loop_now(world.loop);
	world.nonce_failures = UINT_MAX;
	world.nonce_retry_after = "2";
	g = posted_n(5, "https://ca.test/order", false);
	assert_int_equal(g.well, 0);
	assert_int_equal(g.status, 503);
	assert_int_equal(g.class, PROBLEM_LATER);
	assert_int_equal(world.posts, 0);
	assert_true(loop_now(world.loop) - before < 11 * 60 * 1000);
	fake_loop_advance(world.loop, 60 * 60 * 1000);
	assert_true(world.heads < 60);
	world.nonce_failures = 0;
	assert_int_equal(posted_n(5, "https://ca.test/order", false).well, 5);
}

/* A minute of "later" at newNonce is no failure. */
static void test_nonces_a_minute_away(void **state)
{
	opened(1);
	fake_loop_advance(world.loop, 10 * 60 * 1000);
	world.nonce_failures = 3;
	world.nonce_retry_after = "20";
	assert_int_equal(posted_n(5, "https://ca.test/order", false).well, 5);
}

/* The CA has said how long: it is not asked meanwhile, and nobody waits. */
static void test_nonces_an_hour_away(void **state)
{
	uint64_t before;
	struct got g;
	unsigned heads;

	world.nonce_failures = UINT_MAX;
	world.nonce_retry_after = "3600";
	opened(5);
	fake_loop_advance(world.loop, 1000);
	before = loop_now(world.loop);
	heads = world.heads;
	g = posted_n(5, "https://ca.test/order", false);
	assert_int_equal(g.well, 0);
	assert_in_range(g.retry_after_ms, 3590000, 3600000);
	assert_int_equal(loop_now(world.loop), before);
	assert_int_equal(world.heads, heads);
}

static void test_old_nonces_are_dropped(void **state)
{
	opened(5);
	fake_loop_advance(world.loop, 1000);
	assert_int_equal(world.heads, 5);
	fake_loop_advance(world.loop, 6 * 60 * 1000);
	assert_int_equal(posted_n(1, "https://ca.test/order", true).well, 1);
	assert_true(world.heads > 5);
}

static void test_lost_order(void **state)
{
	struct got g;

	opened(1);
	world.lose = 1;
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.status, 0);
	assert_true(g.maybe_done);
	assert_int_equal(g.class, PROBLEM_LATER);
	assert_int_equal(world.posts, 1);
	assert_string_equal(g.text, "ca.test: connection broken: gone");
}

static void test_lost_before_sending(void **state)
{
	struct got g;

	opened(1);
	world.lose = 2;
	world.lose_before_sending = true;
	g = posted_n(1, "https://ca.test/order", false);
	assert_int_equal(g.well, 1);
	assert_int_equal(world.posts, 3);
	assert_int_equal(world.bad_nonces, 0);
}

static void test_lost_read(void **state)
{
	uint64_t before;
	struct got g;

	opened(1);
	world.lose = 3;
	assert_int_equal(posted_n(1, "https://ca.test/order/1", true).well, 1);
	assert_int_equal(world.posts, 4);
	world.lose = 1000;
	before = loop_now(world.loop);
	g = posted_n(1, "https://ca.test/order/1", true);
	assert_int_equal(g.well, 0);
	assert_false(g.maybe_done);
	assert_in_range(loop_now(world.loop) - before, 9 * 60 * 1000, 10 * 60 * 1000 + 100);
	assert_true(world.posts < 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(test_open),
	    CASE(test_open_twice_at_once),
	    CASE(test_clock),
	    CASE(test_clock_without_date),
	    CASE(test_bad_directories),
	    CASE(test_post),
	    CASE(test_new_account),
	    CASE(test_answers_of_no_use),
	    CASE(test_half_of_the_nonces_refused),
	    CASE(test_nine_in_ten_refused),
	    CASE(test_all_nonces_refused),
	    CASE(test_refused_without_nonce),
	    CASE(test_many_need_nonces),
	    CASE(test_round_trips),
	    CASE(test_hundred_names),
	    CASE(test_hundred_names_limited),
	    CASE(test_no_nonces_to_be_had),
	    CASE(test_nonces_a_minute_away),
	    CASE(test_nonces_an_hour_away),
	    CASE(test_old_nonces_are_dropped),
	    CASE(test_lost_order),
	    CASE(test_lost_before_sending),
	    CASE(test_lost_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
