#include "shared/quoted.h"

#include "unit.h"

static void parsed(const char *text, const char *want, size_t n)
{
	size_t length;
	char *got = quoted_parse(text, &length);

	assert_non_null(got);
	assert_int_equal(length, n);
	assert_memory_equal(got, want, n + 1);
	free(got);
}

TEST(good)
{
	parsed("\"abc\"", "abc", 3);
	parsed("abc", "abc", 3);
	parsed("  \"a b\" \t\"c\" ", "a bc", 4);
	parsed("a b", "ab", 2);
	parsed("\"\"", "", 0);
	parsed("", "", 0);
	parsed("\"a\\\"b\\\\c\\;\"", "a\"b\\c;", 6);
	parsed("\"\\000\\255\\065\"", "\0\377A", 3);
}

TEST(bad)
{
	static const char *const texts[] = {"\"",    "\"abc",    "\"abc\\",   "\"abc\\\"", "\"a\"b",
	                                    "abc\\", "\"\\25\"", "\"\\256\"", "\"\\2x5\""};
	size_t length;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_null(quoted_parse(texts[i], &length));
}

TEST(compared)
{
	assert_true(quoted_is("\"abc\"", "abc"));
	assert_true(quoted_is("abc", "abc"));
	assert_true(quoted_is("\"ab\" \"c\"", "abc"));
	assert_false(quoted_is("\"abc\\000\"", "abc"));
	assert_false(quoted_is("\"abcd\"", "abc"));
	assert_false(quoted_is("\"abc", "abc"));
	assert_true(quoted_is("\"-a\"", "-a"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
