/* Moments as people and programs read them. */
#include "unit.h"

#include <time.h>

#include "common/when.h"

#define MOMENT 1795972327 /* 2026-11-29 17:12:07 UTC */

TEST(each_form_of_a_moment)
{
	char text[WHEN_ROOM];

	assert_string_equal(when_text(MOMENT, text), "2026-11-29 17:12 UTC");
	assert_string_equal(when_minute(MOMENT, text), "2026-11-29 17:12");
	assert_string_equal(when_day(MOMENT, text), "2026-11-29");
	assert_string_equal(when_clock(MOMENT, text), "17:12:07 UTC");
	assert_string_equal(when_iso(MOMENT, text), "2026-11-29T17:12:07Z");
	assert_string_equal(when_compact(MOMENT, text), "20261129T171207Z");
	assert_string_equal(when_iso(-1, text), "1969-12-31T23:59:59Z");
}

/* Wherever the machine stands. */
TEST(it_is_utc)
{
	char text[WHEN_ROOM];

	setenv("TZ", "Asia/Kolkata", 1);
	tzset();
	assert_string_equal(when_text(MOMENT, text), "2026-11-29 17:12 UTC");
	unsetenv("TZ");
	tzset();
}

TEST(never_and_what_no_calendar_has)
{
	char text[WHEN_ROOM];

	assert_string_equal(when_text(0, text), "-");
	assert_string_equal(when_iso(0, text), "-");
	assert_string_equal(when_text(INT64_MAX, text), "9223372036854775807");
	assert_string_equal(when_iso(67767976233532799, text), "2147483647-12-31T23:59:59Z");
}

TEST(as_json)
{
	json_t *moment = when_json(MOMENT), *never = when_json(0);

	assert_string_equal(json_string_value(moment), "2026-11-29T17:12:07Z");
	assert_true(json_is_null(never));
	json_decref(moment);
	json_decref(never);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
