/* Windows in which certificates are renewed: how they are typed, and when they are open, with daylight saving. */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/spec/spec.h"
#include "launcher/renew_window.h"

#define HOUR   INT64_C(3600)
#define DAY    (24 * HOUR)
#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3" /* needs no files */
#define SPRING                                                                                               \
	INT64_C(1774742400) /* 2026-03-29 00:00 UTC: at 01:00 the clocks there go from 02:00 to 03:00 */
#define AUTUMN INT64_C(1792886400) /* 2026-10-25 00:00 UTC: at 01:00 they go from 03:00 to 02:00 */

static struct openings o;

static int in_berlin(void **state)
{
	setenv("TZ", BERLIN, 1);
	return 0;
}

static int leave(void **state)
{
	openings_free(&o);
	unsetenv("TZ");
	return 0;
}

static void open_at(const char *window, int64_t now)
{
	json_t *settings = json_pack("{s:[s]}", spec_name(KEY_RENEW_WINDOW), window);

	openings_free(&o);
	renew_window_openings(settings, now, &o);
	json_decref(settings);
}

static bool fine(const char *text)
{
	struct err e;

	return renew_window_fine(text, &e);
}

TEST(how_it_is_typed)
{
	static const char *const good[] = {"01:00-05:00",         "Mon 01:00-05:00",
	                                   "Mon-Fri 22:00-04:00", "Fri-Mon 00:00-24:00",
	                                   "Sat,Sun 01:00-05:00", "Mon-Wed,Fri 01:00-05:00 UTC",
	                                   "01:00-05:00  UTC"};
	static const char *const bad[] = {"",
	                                  "Mon",
	                                  "Mon-Fri",
	                                  "1:00-5:00",
	                                  "01:00-01:00",
	                                  "01:00-25:00",
	                                  "24:00-05:00",
	                                  "01:60-05:00",
	                                  "01:00 -05:00",
	                                  "01:00-05:00x",
	                                  "mon 01:00-05:00",
	                                  "Mon- 01:00-05:00",
	                                  "Mon, 01:00-05:00",
	                                  "Mon-Fri 01:00-05:00 UTC UTC",
	                                  "01:00-05:00 Atlantis/Main",
	                                  "01:00-05:00 ../etc",
	                                  "01:00-05:00 /etc/localtime",
	                                  "01:00-05:00 CET-1CEST,M3.5.0"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!fine(good[i]))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (fine(bad[i]))
			fail_msg("'%s' is taken", bad[i]);
}

/* Three hours in the night that has one less, five in the other, four in all others. */
TEST_WITH(daylight_saving, in_berlin, leave)
{
	open_at("01:00-05:00", SPRING - DAY);
	assert_int_equal(openings_next(&o, SPRING - DAY + 12 * HOUR), SPRING);
	assert_true(openings_open(&o, SPRING + 3 * HOUR - 1));
	assert_false(openings_open(&o, SPRING + 3 * HOUR));
	assert_int_equal(openings_next(&o, SPRING + 3 * HOUR), SPRING + DAY - HOUR);
	open_at("01:00-05:00", AUTUMN - DAY);
	assert_int_equal(openings_next(&o, AUTUMN - DAY + 12 * HOUR), AUTUMN - HOUR);
	assert_true(openings_open(&o, AUTUMN + 4 * HOUR - 1));
	assert_false(openings_open(&o, AUTUMN + 4 * HOUR));
	assert_int_equal(openings_next(&o, AUTUMN + 4 * HOUR), AUTUMN + DAY);
}

/* The hour that there is not, and that there is twice: one opening in that night all the same. */
TEST_WITH(in_the_hour_of_the_change, in_berlin, leave)
{
	open_at("02:15-02:45", SPRING - DAY);
	assert_in_range(openings_next(&o, SPRING - HOUR), SPRING, SPRING + 2 * HOUR);
	open_at("02:15-02:45", AUTUMN - DAY);
	assert_in_range(openings_next(&o, AUTUMN - HOUR), AUTUMN, AUTUMN + 2 * HOUR);
}

/* A Saturday, and over midnight: it is the day on which it begins. 2026-11-28 is one. */
TEST_WITH(days, in_berlin, leave)
{
	const int64_t saturday = INT64_C(1795824000); /* 00:00 UTC */

	open_at("Sat 22:00-02:00 UTC", saturday);
	assert_int_equal(openings_next(&o, saturday), saturday + 22 * HOUR);
	assert_true(openings_open(&o, saturday + 26 * HOUR - 1));
	assert_int_equal(openings_next(&o, saturday + 26 * HOUR), saturday + 7 * DAY + 22 * HOUR);
	open_at("Sat 22:00-02:00", saturday);
	assert_int_equal(openings_next(&o, saturday), saturday + 21 * HOUR);
	open_at("Fri-Mon 00:00-24:00 UTC", saturday);
	assert_true(openings_open(&o, saturday + 3 * DAY - 1));
	assert_int_equal(openings_next(&o, saturday + 3 * DAY), saturday + 6 * DAY);
}

/* Its own zone is the process's afterwards as before; one that is not known is never open. */
TEST_WITH(zones, in_berlin, leave)
{
	open_at("01:00-05:00 UTC", SPRING);
	assert_string_equal(getenv("TZ"), BERLIN);
	assert_true(openings_open(&o, SPRING + 5 * HOUR - 1));
	open_at("01:00-05:00 Atlantis/Main", SPRING);
	assert_int_equal(o.n, 0);
}

TEST_WITH(of_many_certificates, in_berlin, leave)
{
	struct renew_windows all = {0};
	json_t *none = json_object(), *night = json_pack("{s:[s, s]}", spec_name(KEY_RENEW_WINDOW),
	                                                 "01:00-05:00 UTC", "Sat 12:00-13:00 UTC");
	char *text = renew_window_text(night);

	assert_string_equal(text, "01:00-05:00 UTC, Sat 12:00-13:00 UTC");
	free(text);
	assert_null(renew_windows_of(&all, none, SPRING));
	const struct openings *one = renew_windows_of(&all, night, SPRING);
	assert_ptr_equal(renew_windows_of(&all, night, SPRING), one);
	assert_true(openings_open(one, SPRING - DAY + 12 * HOUR)); /* that is a Saturday */
	renew_windows_free(&all);
	json_decref(none);
	json_decref(night);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
