#include "unit.h"

#include <string.h>

#include "engine/run/due.h"

#define DAY 86400
#define NOW (1000 * (int64_t)DAY)
#define CA  "https://ca.test/dir"

static struct due_dates dates;

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
	due = due_of(current, &wanted, CA, NOW, &dates);
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

	assert_int_equal(due_of(none, &wanted, CA, NOW, &dates), DUE_NONE);
	assert_int_equal(due_of(broken, &wanted, CA, NOW, &dates), DUE_NONE);
	json_decref(none);
	json_decref(broken);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
