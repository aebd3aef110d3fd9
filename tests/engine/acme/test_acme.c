/* The session with a CA: directory, nonces, signed requests. */
#include "acme_case.h"

CASE(test_open)
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

CASE(test_open_twice_at_once)
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

CASE(test_clock)
{
	world.date = "Sun, 06 Nov 1994 08:49:37 GMT";
	open_fails("set the clock", PROBLEM_PERSON);
	world.date = "garbage";
	assert_int_equal(opened(1).well, 1);
}

CASE(test_clock_without_date)
{
	world.date = NULL;
	assert_int_equal(opened(1).well, 1);
}

CASE(test_bad_directories)
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

CASE(test_post)
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

CASE(test_new_account)
{
	struct got g = {0};

	opened(1);
	left = 1;
	post("https://ca.test/account", false, true, ACME_AGAIN, on_answer, &g);
	loop_run(world.loop);
	assert_int_equal(g.well, 1);
	assert_string_equal(world.last_kid, "");
}

CASE(test_answers_of_no_use)
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

CASE(test_half_of_the_nonces_refused)
{
	struct got g;

	world.refuse_percent = 50;
	opened(1);
	g = posted_n(100, "https://ca.test/order", false);
	assert_int_equal(g.well, 100);
	assert_true(world.bad_nonces > 50);
	assert_true(world.heads <= 110);
}

CASE(test_nine_in_ten_refused)
{
	world.refuse_percent = 90;
	opened(1);
	assert_int_equal(posted_n(100, "https://ca.test/order", false).well, 100);
}

CASE(test_all_nonces_refused)
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

CASE(test_refused_without_nonce)
{
	world.refuse_percent = 70;
	world.refuse_without_nonce = true;
	opened(1);
	assert_int_equal(posted_n(20, "https://ca.test/order", false).well, 20);
}

CASE(test_many_need_nonces)
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

CASE(test_round_trips)
{
	uint64_t ms = issue(2);

	assert_int_equal(acme_requests(acme), 10);
	assert_in_range(ms, 500, 510);
}

CASE(test_hundred_names)
{
	assert_in_range(issue(100), 500, 750);
	assert_int_equal(world.heads_at_once_most, 10);
}

CASE(test_hundred_names_limited)
{
	world.nonce_limit = 20;
	assert_in_range(issue(100), 500, 1500);
}

CASE(test_no_nonces_to_be_had)
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
CASE(test_nonces_a_minute_away)
{
	opened(1);
	fake_loop_advance(world.loop, 10 * 60 * 1000);
	world.nonce_failures = 3;
	world.nonce_retry_after = "20";
	assert_int_equal(posted_n(5, "https://ca.test/order", false).well, 5);
}

/* The CA has said how long: it is not asked meanwhile, and nobody waits. */
CASE(test_nonces_an_hour_away)
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

CASE(test_old_nonces_are_dropped)
{
	opened(5);
	fake_loop_advance(world.loop, 1000);
	assert_int_equal(world.heads, 5);
	fake_loop_advance(world.loop, 6 * 60 * 1000);
	assert_int_equal(posted_n(1, "https://ca.test/order", true).well, 1);
	assert_true(world.heads > 5);
}

CASE(test_lost_order)
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

CASE(test_lost_before_sending)
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

CASE(test_lost_read)
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
	return unit_run(NULL, NULL);
}
