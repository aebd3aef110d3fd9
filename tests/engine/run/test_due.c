#include "unit.h"

#include <string.h>

#include "common/lifetime.h"
#include "engine/run/due.h"

#define HOUR 3600
#define DAY  (24 * HOUR)
#define NOW  (1000 * (int64_t)DAY)
#define CA   "https://ca.test/dir"

static struct due_dates dates;
static struct due_when when;
static struct due_cas cas = {CA, NULL};

/* A certificate of 90 days, `age` days old. */
static enum due after(int64_t age, const char *member, json_t *value)
{
	struct job_cert wanted = {.key = (char *)"p256"};
	json_t *current =
	    json_pack("{s:[s, s], s:I, s:I, s:s, s:s}", "names", "a.test", "*.a.test", "not_before",
	              NOW - age * DAY, "not_after", NOW + (90 - age) * DAY, "type", "p256", "directory", CA);
	enum due due;

	strs_add(&wanted.names, "*.a.test");
	strs_add(&wanted.names, "a.test");
	if (value)
		json_object_set_new(current, member, value);
	else if (member)
		json_object_del(current, member);
	when.now = NOW;
	due = due_of(current, &wanted, wanted.key, &cas, &when, &dates);
	json_decref(current);
	strs_free(&wanted.names);
	return due;
}

TEST(a_third_of_its_life_is_left)
{
	assert_int_equal(after(1, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.until, NOW + 89 * DAY);
	assert_int_equal(dates.from, NOW + 59 * DAY);
	assert_int_equal(after(60, NULL, NULL), DUE_NOT);
	assert_int_equal(after(61, NULL, NULL), DUE_AGE);
	assert_int_equal(after(95, NULL, NULL), DUE_AGE);
}

TEST(half_of_a_short_life)
{
	assert_int_equal(after(3, "not_after", json_integer(NOW + 3 * DAY + 1)), DUE_NOT);
	assert_int_equal(after(3, "not_after", json_integer(NOW + 3 * DAY - 2)), DUE_AGE);
}

TEST(what_is_wanted_has_changed)
{
	assert_int_equal(after(1, "names", json_pack("[s]", "a.test")), DUE_NAMES);
	assert_int_equal(after(1, "names", json_pack("[s, s, s]", "a.test", "*.a.test", "b.test")),
	                 DUE_NAMES);
	assert_int_equal(after(1, "type", json_string("rsa2048")), DUE_KEY);
	assert_int_equal(after(1, "directory", json_string("https://staging.ca.test/dir")), DUE_CA);
	cas.backup = "https://backup.test/dir";
	assert_int_equal(after(1, "directory", json_string("https://staging.ca.test/dir")), DUE_CA);
	assert_int_equal(after(1, "directory", json_string("https://backup.test/dir")), DUE_NOT);
	cas.backup = NULL;
	assert_int_equal(after(1, "directory", json_string("https://backup.test/dir")), DUE_CA);
}

/* Names, key, CA and profile; that no profile was asked for is no profile. */
TEST(another_profile_is_wanted)
{
	struct job_cert wanted = {.key = (char *)"p256", .profile = (char *)"classic"};
	json_t *current = json_pack("{s:[], s:I, s:I, s:s, s:s}", "names", "not_before", NOW, "not_after",
	                            NOW + 90 * DAY, "type", "p256", "directory", CA);

	when.now = NOW;
	assert_int_equal(due_of(current, &wanted, wanted.key, &cas, &when, &dates), DUE_PROFILE);
	json_object_set_new(current, "profile", json_string("tlsserver"));
	assert_int_equal(due_of(current, &wanted, wanted.key, &cas, &when, &dates), DUE_PROFILE);
	json_object_set_new(current, "profile", json_string("classic"));
	assert_int_equal(due_of(current, &wanted, wanted.key, &cas, &when, &dates), DUE_NOT);
	wanted.profile = NULL;
	assert_int_equal(due_of(current, &wanted, wanted.key, &cas, &when, &dates), DUE_PROFILE);
	json_decref(current);
}

/* A new one, too. */
TEST(what_is_revoked_is_replaced)
{
	assert_int_equal(after(1, "revoked", json_true()), DUE_REVOKED);
	assert_int_equal(after(1, "revoked", json_false()), DUE_NOT);
}

/* An older version did not write down who issued it. */
TEST(an_unknown_directory_is_no_reason)
{
	assert_int_equal(after(1, "directory", NULL), DUE_NOT);
	assert_int_equal(after(1, "directory", json_null()), DUE_NOT);
}

TEST(nothing_is_there)
{
	struct job_cert wanted = {.key = (char *)"p256"};
	json_t *none = json_object(), *broken = json_pack("{s:s}", "broken", "no key");

	assert_int_equal(due_of(none, &wanted, wanted.key, &cas, &when, &dates), DUE_NONE);
	assert_int_equal(due_of(broken, &wanted, wanted.key, &cas, &when, &dates), DUE_NONE);
	json_decref(none);
	json_decref(broken);
}

/* Any number moves it earlier, a sixtieth of the lifetime at most. */
TEST(machines_are_spread)
{
	int64_t least = NOW + 100 * DAY, most = 0;

	for (when.seed = 0; when.seed < 1000; when.seed++) {
		int64_t from = (after(0, NULL, NULL), dates.from);
		assert_int_equal(from, lifetime_renewal(NOW, NOW + 90 * DAY, when.seed));
		least = from < least ? from : least;
		most = from > most ? from : most;
	}
	assert_int_equal(most, NOW + 60 * DAY);
	assert_in_range(least, NOW + 60 * DAY - 3 * DAY / 2, NOW + 60 * DAY - 1);
	for (int i = 0; i < 100; i++) {
		char id[16];
		snprintf(id, sizeof(id), "n%d", i);
		uint64_t seed = lifetime_seed("machine", id, NULL);
		assert_true(seed == lifetime_seed("machine", id, ""));
		assert_true(seed != lifetime_seed("other", id, NULL) &&
		            seed != lifetime_seed("machine", id, "more"));
	}
	when.seed = 0;
}

static enum due advised(int64_t age, int64_t chosen, bool failed)
{
	struct advice_row row = {.chosen = chosen, .failed = failed};
	enum due due;

	when.advice = &row;
	due = after(age, NULL, NULL);
	when.advice = NULL;
	return due;
}

TEST(the_ca_decides)
{
	assert_int_equal(advised(1, NOW - 1, false), DUE_ADVISED);
	assert_int_equal(advised(1, NOW + 1, false), DUE_NOT);
	assert_true(dates.advised);
	assert_int_equal(dates.from, NOW + 1);
	assert_int_equal(advised(61, NOW + DAY, false), DUE_NOT); /* beyond the third */
	assert_int_equal(advised(61, NOW + DAY, true), DUE_AGE);  /* its last answer was none */
	assert_int_equal(advised(1, NOW - 1, true), DUE_ADVISED);
	assert_int_equal(advised(61, 0, true), DUE_AGE);
	assert_int_equal(advised(61, 0, false), DUE_AGE);
}

/* ... but for what is urgent. */
TEST(a_ca_that_never_suggests_it)
{
	assert_int_equal(advised(82, NOW + 8 * DAY, false), DUE_NOT);
	assert_false(dates.advised);
	assert_int_equal(dates.from, NOW + DAY); /* 7 days before its end */
	assert_int_equal(advised(84, NOW + 8 * DAY, false), DUE_URGENT);
	assert_int_equal(lifetime_urgent(NOW, NOW + 6 * DAY), NOW + 5 * DAY);
}

/* Chosen by levelling.h: in the last sixth of its life before it is due, or in the CA's window. */
TEST(renewed_early)
{
	struct advice_row row = {.chosen = NOW + 2 * DAY, .start = NOW - 1};
	char *text;

	when.early = true;
	assert_int_equal(after(44, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.earliest, NOW + DAY);
	assert_int_equal(after(45, NULL, NULL), DUE_EARLY);
	text = due_text(DUE_EARLY, &dates);
	assert_non_null(strstr(text, "1972-10-12 00:00 UTC on, so it is renewed before"));
	free(text);
	assert_int_equal(after(61, NULL, NULL), DUE_AGE);
	when.advice = &row;
	assert_int_equal(after(50, NULL, NULL), DUE_EARLY);
	assert_int_equal(dates.earliest, row.start);
	row.start = NOW + 1;
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	row.failed = true; /* the window was, and may not be any more */
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	row.chosen = NOW + 80 * DAY; /* the CA would have it later than we may wait */
	row.failed = false;
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	when.early = false;
	row.start = NOW - 1;
	row.chosen = NOW + DAY;
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	when.advice = NULL;
}

/* A CA that would have everything renewed at once is not asked for a certificate each hour. */
TEST(heeded_once_a_day)
{
	struct advice_row row = {.chosen = NOW - DAY, .heeded_at = NOW - DAY + 60};

	when.advice = &row;
	assert_int_equal(after(0, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.from, NOW + 60);
	row.heeded = true; /* the order failed: the same certificate is there */
	assert_int_equal(after(0, NULL, NULL), DUE_ADVISED);
	row.heeded = false;
	row.heeded_at = NOW + 365 * DAY; /* the clock was wrong */
	assert_int_equal(after(0, NULL, NULL), DUE_ADVISED);
	when.advice = NULL;
}

/* What may be renewed at night alone: in the first night after it is due, urgent ones at once, never later than the CA
 * suggests; what is wanted otherwise now waits for no night. */
TEST(in_its_window)
{
	struct advice_row row = {.chosen = NOW - HOUR, .start = NOW - DAY, .end = NOW + DAY};
	struct openings night = {0};

	openings_add(&night, NOW + 10 * HOUR, NOW + 14 * HOUR);
	openings_add(&night, NOW + 34 * HOUR, NOW + 38 * HOUR);
	openings_join(&night);
	when.open = &night;
	assert_int_equal(after(61, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.from, NOW + 10 * HOUR);
	assert_true(dates.moved);
	assert_int_equal(after(84, NULL, NULL), DUE_AGE);
	assert_false(dates.moved);
	assert_int_equal(after(1, "names", json_pack("[s]", "a.test")), DUE_NAMES);
	assert_int_equal(after(1, "not_after", json_integer(0)), DUE_NONE);
	when.advice = &row;
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.from, NOW + 10 * HOUR);
	row.end = NOW + 9 * HOUR;
	assert_int_equal(after(50, NULL, NULL), DUE_ADVISED);
	when.advice = NULL;
	when.early = true; /* not while it is closed */
	assert_int_equal(after(50, NULL, NULL), DUE_NOT);
	assert_int_equal(dates.earliest, NOW + 10 * HOUR);
	night.at[0].from = NOW;
	assert_int_equal(after(50, NULL, NULL), DUE_EARLY);
	when.early = false;
	when.open = NULL;
	openings_free(&night);
}

TEST(tells_why)
{
	char *text;

	assert_int_equal(after(61, NULL, NULL), DUE_AGE);
	text = due_text(DUE_AGE, &dates);
	assert_string_equal(text, "a third of its lifetime is left, it is valid until 1972-10-26 00:00 UTC");
	free(text);
	assert_int_equal(advised(1, NOW - 60, false), DUE_ADVISED);
	text = due_text(DUE_ADVISED, &dates);
	assert_string_equal(text, "the CA suggests to renew it since 1972-09-26 23:59 UTC");
	free(text);
	assert_null(due_text(DUE_NOT, &dates));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
