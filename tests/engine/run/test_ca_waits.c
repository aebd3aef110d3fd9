/* A CA that asks to be left in peace, in the order machine's scripted world: no request reaches it in that time, whichever
 * run would send it. */
#include "unit.h"

#include "run/renewal_case.h"

static const char *const one[] = {"a.test"};
static const char *const another[] = {"b.test"};
static const char *const four[] = {"a.test", "b.test", "c.test", "d.test"};

static const char *const endpoints[] = {"directory", "newNonce", "newAccount", "newOrder",   "authorization",
                                        "challenge", "finalize", "order",      "certificate"};
#define ENDPOINTS (sizeof(endpoints) / sizeof(endpoints[0]))

static int open_world(void **state)
{
	renewal_open();
	world.life_s = 90 * DAY;
	return 0;
}

/* What reaches the CA in runs of all that come each ten minutes, until `seconds` are over. */
static size_t asked_within(const char *const *certs, size_t n, unsigned seconds)
{
	size_t before = world.requests.n;
	int64_t end = wall_s() + seconds;

	while (wall_s() + 10 * MINUTE < end) {
		assert_int_equal(renew(certs, n), 0);
		wait_s(10 * MINUTE);
	}
	return world.requests.n - before;
}

static void says(const char *endpoint, int kind, int status, const char *retry_after)
{
	world.fault = (struct world_fault){
	    .kind = kind, .at = endpoint, .status = status, .retry_after = retry_after, .times = 1000};
}

/* One endpoint says "later" for two hours: an hour passes with runs and no request, then it goes on. */
static void holds(const char *endpoint, int kind, int status, const char *retry_after, unsigned seconds)
{
	open_world(NULL);
	says(endpoint, kind, status, retry_after);
	assert_int_equal(renew(one, 1), 1);
	assert_non_null(strstr(world.error, "the CA asks to come back after"));
	world.fault.kind = WORLD_NO_FAULT;
	if (asked_within(one, 1, seconds - MINUTE))
		fail_msg("%s, %d, %s: %s was asked in the wait", endpoint, status, retry_after,
		         world.requests.at[world.requests.n - 1]);
	assert_true(order_world_count(&world.events, "limited") > 0);
	wait_s(10 * MINUTE);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.issued, 1);
	assert_in_range(world.orders, 1, 2);
	renewal_close(NULL);
}

TEST(a_limit_at_any_endpoint_holds_all_runs)
{
	for (size_t i = 0; i < ENDPOINTS; i++)
		holds(endpoints[i], WORLD_PROBLEM, 429, "7200", 2 * HOUR);
}

TEST(a_page_of_the_cdn_holds_all_runs)
{
	for (size_t i = 0; i < ENDPOINTS; i++)
		holds(endpoints[i], WORLD_HTML, 503, "7200", 2 * HOUR);
}

/* As a date too; what is absurd is cut to a week, or is nothing. */
TEST(a_date_and_absurd_waits)
{
	char date[64];
	time_t later = (time_t)(RENEWAL_START + 2 * HOUR);

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&later));
	for (size_t i = 0; i < ENDPOINTS; i++)
		holds(endpoints[i], WORLD_PROBLEM, 429, date, 2 * HOUR);
	holds("newOrder", WORLD_PROBLEM, 429, "1000000000000000000", 7 * DAY);
	holds("finalize", WORLD_PROBLEM, 429, "Fri, 31 Dec 9999 23:59:59 GMT", 7 * DAY);
	holds("directory", WORLD_HTML, 503, "999999999", 7 * DAY);
}

static const char *const no_waits[] = {
    "-5", "-1000000000000000000",         "Thu, 01 Jan 1970 00:00:00 GMT", "soon",
    "0",  "Sun, 06 Nov 1994 08:49:37 GMT"};

TEST(a_wait_of_nothing_holds_nobody)
{
	for (size_t k = 0; k < sizeof(no_waits) / sizeof(no_waits[0]); k++) {
		for (size_t i = 0; i < ENDPOINTS; i++) {
			open_world(NULL);
			says(endpoints[i], WORLD_PROBLEM, 429, no_waits[k]);
			world.fault.times = 3;
			assert_int_equal(renew(one, 1), 0);
			assert_int_equal(world.orders, 1);
			renewal_close(NULL);
		}
	}
}

/* Nonces, directory and CDN are the CA's: they hold certificates that it was not told about. */
TEST(the_cas_own_wait_holds_every_certificate)
{
	static const char *const all[] = {"directory", "newNonce"};

	for (size_t i = 0; i < 3; i++) {
		open_world(NULL);
		says(i < 2 ? all[i] : "finalize", i < 2 ? WORLD_PROBLEM : WORLD_HTML, i < 2 ? 429 : 503,
		     "3600");
		renew(one, 1);
		world.fault.kind = WORLD_NO_FAULT;
		assert_int_equal(asked_within(another, 1, 50 * MINUTE), 0);
		wait_s(20 * MINUTE);
		assert_int_equal(renew(another, 1), 0);
		assert_int_equal(world.issued, 1);
		renewal_close(NULL);
	}
}

/* A limit of newOrder is one of the names; when three sets have met it, it is the account's. */
TEST_WITH(a_limit_of_names_holds_these, open_world, renewal_close)
{
	says("newOrder", WORLD_PROBLEM, 429, "7200");
	renew(one, 1);
	world.fault.kind = WORLD_NO_FAULT;
	assert_int_equal(renew(another, 1), 0);
	assert_int_equal(world.issued, 1);
}

static const char *const shop[] = {"www.shop.test", "*.mail.shop.test", "shop.test", "a.shop.test"};
static const char *const shop_and_others[] = {"shop.test", "b.shop.test", "eshop.test", "a.test"};

static void says_domain(const char *domain, const char *retry_after)
{
	static char detail[300];

	snprintf(detail, sizeof(detail),
	         "too many certificates (50) already issued for \"%s\" in the last 168h0m0s, retry after "
	         "2033-05-18 05:33:20 UTC: see https://ca.test/limits",
	         domain);
	says("newOrder", WORLD_PROBLEM, 429, retry_after);
	world.fault.detail = detail;
}

/* Other sets of names there wait as long, in this and in later runs, and nobody else. */
TEST_WITH(a_limit_of_a_domain_holds_its_names, open_world, renewal_close)
{
	size_t before;

	says_domain("shop.test", "7200");
	assert_int_equal(renew(shop, 4), 1);
	assert_non_null(strstr(world.error, "the CA asks to come back after"));
	world.fault.kind = WORLD_NO_FAULT;
	assert_int_equal(asked_within(shop, 4, HOUR), 0);
	before = order_world_count(&world.requests, "newOrder");
	assert_int_equal(renew(shop_and_others, 4), 0);
	assert_int_equal(order_world_count(&world.requests, "newOrder") - before, 2);
	assert_int_equal(world.issued, 2);
	wait_s(70 * MINUTE);
	assert_int_equal(renew(shop, 4), 0);
	assert_int_equal(renew(shop_and_others, 4), 0);
	assert_int_equal(world.issued, 7);
}

TEST_WITH(an_absurd_limit_of_a_domain_is_cut, open_world, renewal_close)
{
	says_domain("shop.test", "999999999999");
	renew(shop, 1);
	world.fault.kind = WORLD_NO_FAULT;
	wait_s(6 * DAY);
	assert_int_equal(renew(shop, 4), 0);
	assert_int_equal(world.issued, 0);
	wait_s(DAY + HOUR);
	assert_int_equal(renew(shop, 4), 0);
	assert_int_equal(world.issued, 4);
}

/* A person is told which domain it is, and the CA is not asked. */
TEST_WITH(a_limit_of_a_domain_is_told, open_world, renewal_close)
{
	says_domain("shop.test", "7200");
	renew(shop, 1);
	issue = true;
	assert_int_equal(renew(shop + 1, 1), 1);
	assert_non_null(strstr(world.error, "shop.test has had too many certificates"));
	assert_int_equal(order_world_count(&world.requests, "newOrder"), 1);
}

/* What no order was for is a limit of the names that were asked for, as any other. */
TEST(a_limit_of_a_strange_domain_holds_these_names)
{
	static const char *const strange[] = {"b.test", "test", "hop.test", "x.www.shop.test"};

	for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
		open_world(NULL);
		says_domain(strange[i], "7200");
		renew(shop, 1);
		world.fault.kind = WORLD_NO_FAULT;
		assert_int_equal(renew(shop, 4), 0);
		assert_int_equal(renew(another, 1), 0);
		assert_int_equal(world.issued, 4);
		renewal_close(NULL);
	}
}

TEST_WITH(three_sets_hold_newOrder, open_world, renewal_close)
{
	says("newOrder", WORLD_PROBLEM, 429, "7200");
	renew(four, 3);
	world.fault.kind = WORLD_NO_FAULT;
	assert_int_equal(asked_within(four, 4, 100 * MINUTE), 0);
	wait_s(HOUR);
	assert_int_equal(renew(four, 4), 0);
	assert_int_equal(world.issued, 4);
}

/* A short wait is waited for; a run that dies in it leaves it to the next. */
TEST_WITH(a_run_that_dies_in_a_wait_leaves_it_to_the_next, open_world, renewal_close)
{
	size_t before;
	uint64_t began;

	says("newOrder", WORLD_PROBLEM, 429, "300");
	world.fault.times = 1;
	order_world_job(one, 1, "dies", 0);
	e->job->renew = true;
	run = run_new(e, renewal_over, NULL);
	while (!order_world_count(&world.requests, "newOrder"))
		fake_loop_advance(e->loop, 50);
	fake_loop_advance(e->loop, 5000);
	began = now_s();
	run_free(run);
	order_world_next(e);
	before = order_world_count(&world.requests, "newOrder");
	assert_int_equal(before, 1);
	assert_int_equal(renew(one, 1), 0);
	assert_in_range(now_s() - began, 294, 310);
	assert_int_equal(world.issued, 1);
}

/* Not a refusal: the order is just not done yet. */
TEST_WITH(a_long_processing_holds_the_order, open_world, renewal_close)
{
	world.issuance_ms = HOUR * 1000;
	world.processing_retry_after = "3600";
	assert_int_equal(renew(one, 1), 1);
	assert_non_null(strstr(world.error, "the CA is still issuing"));
	assert_int_equal(asked_within(one, 1, HOUR - MINUTE), 0);
	assert_int_equal(renew(another, 1), 1);
	wait_s(20 * MINUTE);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, 2);
	assert_int_equal(world.issued, 2);
}

/* The others are not asked about in that run either, and what is due by its age is renewed. */
TEST_WITH(a_limit_of_advice_holds_the_questions, open_world, renewal_close)
{
	world.advises = true;
	for (size_t i = 0; i < 4; i++)
		order_world_publish(four[i], wall_s() - 20 * DAY);
	says("renewalInfo", WORLD_PROBLEM, 429, "86400");
	for (int i = 0; i < 24; i++) {
		assert_int_equal(renew(four, 4), 0);
		wait_s(HOUR);
	}
	assert_in_range(order_world_count(&world.requests, "renewalInfo"), 1, 4);
	order_world_publish("a.test", wall_s() - 89 * DAY);
	assert_int_equal(renew(four, 4), 0);
	assert_int_equal(world.orders, 1);
}

/* The page where a person lifts the pause is told whole; it is tried again in a day. */
TEST_WITH(a_paused_account_is_a_persons, open_world, renewal_close)
{
	char *detail =
	    xasprintf("Your account is temporarily prevented from requesting certificates for a.test. Please "
	              "visit: https://portal.test/sfe/v1/unpause?jwt=%0900d.end",
	              1);

	says("newOrder", WORLD_PROBLEM, 429, NULL);
	world.fault.detail = detail;
	assert_int_equal(renew(one, 1), 2);
	assert_non_null(strstr(world.error, "00001.end"));
	assert_int_equal(asked_within(one, 1, 23 * HOUR), 0);
	free(detail);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
