#include "unit.h"

#include "common/bucket.h"

#define HOUR 3600
#define NOW  INT64_C(1800000000)

/* A CA as they count: a bucket of tokens, one of which comes back each so many seconds. */
struct ca {
	double tokens, most, per_s;
	int64_t at;
};

static bool ca_allows(struct ca *ca, int64_t now)
{
	ca->tokens += (double)(now - ca->at) * ca->per_s;
	ca->tokens = ca->tokens > ca->most ? ca->most : ca->tokens;
	ca->at = now;
	if (ca->tokens < 1 - 1e-9)
		return false;
	ca->tokens -= 1;
	return true;
}

/* As many as may be, asked for each `step` seconds, for that long. The CA never refuses. */
static unsigned greedy(const struct bucket_limit *l, unsigned reserve, int64_t step, int64_t seconds)
{
	struct ca ca = {l->most, l->most, (double)l->most / l->seconds, NOW};
	int64_t full_at = 0;
	unsigned n = 0;

	for (int64_t now = NOW; now < NOW + seconds; now += step) {
		unsigned left = bucket_left(l, full_at, reserve, now);
		while (bucket_free_at(l, full_at, reserve, now) <= now) {
			assert_int_equal(bucket_left(l, full_at, reserve, now), left--);
			assert_true(ca_allows(&ca, now));
			full_at = bucket_take(l, full_at, now);
			n++;
		}
		assert_int_equal(left, 0);
	}
	return n;
}

TEST(a_thousand_orders)
{
	static const struct bucket_limit l = {300, 3 * HOUR};

	assert_int_equal(greedy(&l, 0, 60, 60), 300);
	assert_in_range(greedy(&l, 0, 1, 3 * HOUR), 560, 599); /* full at first, and what comes back */
	assert_in_range(greedy(&l, 0, HOUR, 7 * HOUR), 890, 900);
	assert_int_equal(greedy(&l, 30, 60, 60), 270);
}

TEST(the_same_names)
{
	static const struct bucket_limit l = {5, 7 * 24 * HOUR};

	assert_int_equal(greedy(&l, 0, HOUR, 24 * HOUR), 5);
	assert_in_range(greedy(&l, 0, HOUR, 7 * 24 * HOUR), 8, 9);
}

TEST(odd_numbers)
{
	static const struct bucket_limit seven = {7, 100}, one = {1, 60}, many = {1000000, 1};

	greedy(&seven, 0, 1, 2000);
	assert_in_range(greedy(&one, 0, 1, 600), 9, 10);
	assert_int_equal(greedy(&one, 5, 1, 30), 1); /* a reserve leaves one at least */
	assert_true(bucket_free_at(&many, 0, 0, NOW) <= NOW);
}

/* A clock that was set back waits no longer than an empty bucket does; nor does a limit that is another now. */
TEST(what_was_written_with_another_clock)
{
	static const struct bucket_limit l = {10, 100};

	assert_int_equal(bucket_free_at(&l, NOW + 1000000, 0, NOW), NOW + 11);
	assert_int_equal(bucket_take(&l, NOW + 1000000, NOW), NOW + 112);
	assert_int_equal(bucket_free_at(&l, NOW - 5, 0, NOW), NOW);
}

TEST(a_limit_in_words)
{
	static const struct {
		struct bucket_limit l;
		const char *text;
	} cases[] = {
	    {{300, 3 * HOUR}, "300 new orders in 3 hours"},
	    {{1, 24 * HOUR}, "1 new orders in one day"},
	    {{5, 36 * HOUR}, "5 new orders in 36 hours"},
	    {{5, 90}, "5 new orders in 90 seconds"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = bucket_limit_text(&cases[i].l, "new orders");
		assert_string_equal(text, cases[i].text);
		free(text);
	}
}

TEST(names_of_buckets)
{
	struct strs names = {0}, turned = {0}, fewer = {0};

	strs_words(&names, "a.test *.a.test");
	strs_words(&turned, "*.a.test a.test");
	strs_words(&fewer, "a.test");
	char *a = bucket_of_set(&names), *b = bucket_of_set(&turned), *c = bucket_of_set(&fewer);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_true(str_starts(a, BUCKET_SET));
	free(a);
	free(b);
	free(c);
	a = bucket_of_failures("*.a.test");
	assert_string_equal(a, "failed a.test");
	free(a);
	strs_free(&names);
	strs_free(&turned);
	strs_free(&fewer);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
