/* How certificates stand, how they are counted, and what monitoring is told, in virtual time. */
#include "unit.h"

#include <string.h>

#include "launcher/status_count.h"

#define DAY INT64_C(86400)
#define T0  INT64_C(1800000000)

/* Of 90 days: renewed from day 60 on, urgent from day 83, critical from day 86.5 on. */
static struct standing_certificate one(const char *id)
{
	return (struct standing_certificate){.id = id,
	                                     .key_type = "p256",
	                                     .ca = "le",
	                                     .names = id,
	                                     .dns = "",
	                                     .since = T0,
	                                     .until = T0 + 90 * DAY,
	                                     .from = T0 + 60 * DAY,
	                                     .renews = true};
}

static void test_of_dates(void **state)
{
	struct standing_certificate c = one("a.test");

	(void)state;
	assert_int_equal(standing_of(&c, T0 + 60 * DAY - 1), STANDING_OK);
	assert_int_equal(standing_of(&c, T0 + 60 * DAY), STANDING_DUE);
	assert_int_equal(standing_reason(&c, T0 + 60 * DAY), REASON_AGE);
	assert_int_equal(standing_of(&c, T0 + 90 * DAY - 1), STANDING_DUE);
	assert_int_equal(standing_of(&c, T0 + 90 * DAY), STANDING_EXPIRED);
	assert_false(standing_urgent(&c, T0 + 83 * DAY - 1));
	assert_true(standing_urgent(&c, T0 + 83 * DAY));
	assert_false(standing_critical(&c, T0 + 86 * DAY + DAY / 2 - 1));
	assert_true(standing_critical(&c, T0 + 86 * DAY + DAY / 2));
	c.advised = true;
	assert_int_equal(standing_reason(&c, T0 + 60 * DAY), REASON_ADVISED);
	c.renews = false;
	assert_int_equal(standing_of(&c, T0 + 60 * DAY), STANDING_OK);
	c.left = true;
	assert_int_equal(standing_of(&c, T0 + 91 * DAY), STANDING_LEFT);
}

/* Six days: the last sixth is a day, so that it is urgent for that long. */
static void test_of_a_short_one(void **state)
{
	struct standing_certificate c = one("a.test");

	(void)state;
	c.until = T0 + 6 * DAY;
	c.from = T0 + 3 * DAY;
	assert_string_equal(reason_text(REASON_AGE, &c), "half of its lifetime is left");
	assert_false(standing_urgent(&c, T0 + 5 * DAY - 1));
	assert_true(standing_urgent(&c, T0 + 5 * DAY));
	assert_true(standing_critical(&c, T0 + 5 * DAY + DAY / 2));
}

static void test_of_changes_and_failures(void **state)
{
	struct failure f = {.id = (char *)"a.test", .failures = 2, .next = T0 + DAY};
	struct standing_certificate c = one("a.test");

	(void)state;
	c.change = REASON_NAMES;
	assert_int_equal(standing_of(&c, T0), STANDING_DUE);
	assert_int_equal(standing_reason(&c, T0), REASON_NAMES);
	c.failure = &f;
	assert_int_equal(standing_of(&c, T0), STANDING_RESTING);
	assert_int_equal(standing_of(&c, T0 + DAY), STANDING_FAILING);
	assert_int_equal(standing_of(&c, T0 + 90 * DAY), STANDING_EXPIRED);
	c.until = c.since = c.from = 0;
	assert_int_equal(standing_of(&c, T0), STANDING_RESTING);
	assert_int_equal(standing_reason(&c, T0), REASON_NEW);
	c.failure = NULL;
	assert_int_equal(standing_of(&c, T0), STANDING_MISSING);
}

static const struct status_limits usual = {.warn = -1, .crit = -1, .failed = -1};

struct watch {
	struct status_limits limits;
	struct status_rest rest;
	int64_t now;
	const struct standing_certificate *at;
	size_t n;
};

static void judged(const struct watch *w, int code, const char *said)
{
	struct status_counts c;
	struct buf line;

	buf_init(&line, 0);
	status_counts_begin(&c, w->now, &w->limits);
	for (size_t i = 0; i < w->n; i++)
		status_count(&c, &w->at[i]);
	assert_int_equal(status_judge(&c, &w->rest, &line), code);
	if (!strstr(line.data, said))
		fail_msg("%s, without: %s", line.data, said);
	buf_free(&line);
	status_counts_free(&c);
}

static void test_urgent_and_critical(void **state)
{
	const struct standing_certificate c[] = {one("a.test"), one("b.test")};
	struct watch w = {.limits = usual, .at = c, .n = 2};
	const struct {
		int64_t age;
		int code;
		const char *said;
	} days[] = {
	    {70 * DAY, 0, "OK: 2 certificates|certificates=2 ok=0 due=2"},
	    {83 * DAY, 1, "WARNING: 2 certificates urgent (a.test, ...)"},
	    {87 * DAY, 2, "CRITICAL: 2 certificates expired or about to be (a.test, ...)"},
	    {91 * DAY, 2, "expired=2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		w.now = T0 + days[i].age;
		w.rest.whole = w.now - 3600;
		judged(&w, days[i].code, days[i].said);
	}
}

static void test_limits_that_are_given(void **state)
{
	const struct standing_certificate c[] = {one("a.test")};
	struct watch w = {.limits = {20 * DAY, 10 * DAY, -1, false}, .at = c, .n = 1};

	(void)state;
	w.now = T0 + 70 * DAY - 1;
	w.rest.whole = w.now;
	judged(&w, 0, "OK");
	w.now++;
	judged(&w, 1, "urgent (a.test)");
	w.now = T0 + 80 * DAY;
	w.rest.whole = w.now;
	judged(&w, 2, "about to be (a.test)");
}

static void test_failures_that_are_too_many(void **state)
{
	struct failure f = {.next = T0 + DAY, .failures = 1};
	struct standing_certificate c[10];
	struct watch w = {.limits = usual, .rest = {.whole = T0}, .now = T0, .at = c, .n = 10};

	(void)state;
	for (size_t i = 0; i < 10; i++)
		c[i] = one("a.test");
	c[0].failure = c[1].failure = &f;
	judged(&w, 0, "resting=2");
	w.limits.failed = 2;
	judged(&w, 0, "OK");
	w.limits.failed = 1;
	judged(&w, 1, "2 certificates failed in the last try");
	w.limits.failed_percent = true;
	w.limits.failed = 20;
	judged(&w, 0, "OK");
	w.limits.failed = 19;
	judged(&w, 1, "failed");
	/* Nothing is there that could end: the failure itself is the trouble. */
	w.limits = usual;
	c[1].until = c[1].since = c[1].from = 0;
	judged(&w, 1, "1 certificate cannot be got (a.test)");
}

/* It is over, and nobody need be told again. */
static void test_what_is_parked(void **state)
{
	struct failure f = {.next = T0 + DAY, .failures = 9};
	struct standing_certificate c[] = {one("a.test"), one("b.test")};
	struct watch w = {.limits = usual, .rest = {.whole = T0}, .now = T0, .at = c, .n = 2};

	(void)state;
	c[0].until = T0 - DAY;
	c[0].failure = &f;
	judged(&w, 2, "expired=1 parked=0");
	c[0].parked = true;
	assert_int_equal(standing_of(&c[0], T0), STANDING_PARKED);
	assert_int_equal(standing_reason(&c[0], T0), REASON_NONE);
	judged(
	    &w, 0,
	    "OK: 2 certificates|certificates=2 ok=1 due=0 failing=0 resting=0 missing=0 expired=0 parked=1");
	w.limits.failed = 0;
	judged(&w, 0, "OK");
	c[0].until = c[0].since = c[0].from = 0;
	judged(&w, 0, "OK");
}

static void test_runs_and_debts(void **state)
{
	const struct standing_certificate c[] = {one("a.test")};
	struct watch w = {.limits = usual, .now = T0 + DAY, .at = c, .n = 1};
	const int64_t hour = 3600;

	(void)state;
	judged(&w, 1, "no dnsproof renew has come to its end yet");
	w.rest.whole = w.now - 25 * hour + 1;
	judged(&w, 0, "last_run=89999s");
	w.rest.whole--;
	judged(&w, 1, "for 25 hours");
	w.rest.whole = w.now - 50 * hour;
	judged(&w, 2, "for 50 hours");
	w.rest.whole = w.now;
	w.rest.owed = 1;
	judged(&w, 1, "1 TXT record still to be removed");
	w.rest.owed = 0;
	w.rest.revocations = 2;
	judged(&w, 1, "2 revocations still to be done");
	w.rest.revocations = 0;
	w.rest.lines = 1;
	judged(&w, 1, "cannot be used");
	w.rest.broken = true;
	judged(&w, 1, "the configuration is broken");
}

static void test_days_to_come(void **state)
{
	struct standing_certificate c = one("a.test");
	struct status_counts counts;

	(void)state;
	status_counts_begin(&counts, T0, &usual);
	status_count(&counts, &c);
	c.ca = "gts";
	c.until = 0;
	status_count(&counts, &c);
	c.left = true;
	status_count(&counts, &c);
	assert_int_equal(counts.n, 2);
	assert_int_equal(counts.cas, 2);
	assert_int_equal(counts.ca[0].renewed[60], 1);
	assert_int_equal(counts.ca[1].renewed[0], 1);
	assert_int_equal(counts.ends[90], 1);
	assert_int_equal(counts.standing[STANDING_LEFT], 1);
	status_counts_free(&counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_of_dates),
	    cmocka_unit_test(test_of_a_short_one),
	    cmocka_unit_test(test_of_changes_and_failures),
	    cmocka_unit_test(test_urgent_and_critical),
	    cmocka_unit_test(test_limits_that_are_given),
	    cmocka_unit_test(test_failures_that_are_too_many),
	    cmocka_unit_test(test_what_is_parked),
	    cmocka_unit_test(test_runs_and_debts),
	    cmocka_unit_test(test_days_to_come),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
