#include "unit.h"

#include "common/str.h"

TEST(test_list)
{
	struct strs s = {0};
	char *text = strs_join(&s, ", ");

	assert_string_equal(text, "");
	free(text);
	for (const char **p = (const char *[]){"b", "a", "c", "B", "d", "e", NULL}; *p; p++)
		strs_add(&s, *p);
	assert_true(strs_has(&s, "B"));
	assert_false(strs_has(&s, "x"));
	strs_sort(&s);
	text = strs_join(&s, ", ");
	assert_string_equal(text, "B, a, b, c, d, e");
	free(text);
	strs_free(&s);
	assert_int_equal(s.n, 0);
	strs_sort(&s);
	assert_false(strs_has(&s, "B"));
}

TEST(test_words)
{
	struct strs s = {0};
	char *text;

	strs_words(&s, NULL);
	strs_words(&s, "  ");
	assert_int_equal(s.n, 0);
	strs_words(&s, " a  bc d ");
	text = strs_join(&s, ",");
	assert_string_equal(text, "a,bc,d");
	free(text);
	strs_free(&s);
}

TEST(test_starts_ends)
{
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("a", "ab"));
	assert_true(str_ends("abc", "bc"));
	assert_false(str_ends("c", "bc"));
	assert_true(str_ends("abc", ""));
}

static void check_printable(const char *text, size_t most, const char *expected)
{
	char *got = str_printable(text, most);

	assert_string_equal(got, expected);
	assert_true(strlen(got) <= most);
	free(got);
}

TEST(test_printable)
{
	check_printable("plain text", 100, "plain text");
	check_printable("m\xc3\xbcsli \xe2\x82\xac \xf0\x9f\x98\x80", 100,
	                "m\xc3\xbcsli \xe2\x82\xac \xf0\x9f\x98\x80");
	check_printable("\x1b[31mred\r\n\t\x7f", 100, "?[31mred????");
	check_printable("c1 \xc2\x9b"
	                "31m",
	                100, "c1 ?31m");
	check_printable("bidi \xe2\x80\xae"
	                "x\xe2\x81\xa6",
	                100, "bidi ?x?");
	check_printable("line\xe2\x80\xa8sep\xef\xbb\xbf", 100, "line?sep?");
	check_printable("\xff\xfe\x80", 100, "???");
	check_printable("overlong \xc0\xaf \xe0\x80\xaf", 100, "overlong ?? ???");
	check_printable("surrogate \xed\xa0\x80", 100, "surrogate ???");
	check_printable("too high \xf4\x90\x80\x80", 100, "too high ????");
	check_printable("cut \xe2\x82", 100, "cut ??");
	check_printable("", 100, "");
}

TEST(test_printable_cut)
{
	check_printable("0123456789", 10, "0123456789");
	check_printable("0123456789a", 10, "0123456...");
	check_printable("012345\xe2\x82\xac"
	                "9ab",
	                10, "012345...");
	check_printable("01234\xe2\x82\xac"
	                "89",
	                10,
	                "01234\xe2\x82\xac"
	                "89");
	check_printable("abcdef", 3, "...");
	check_printable("abcdef", 2, "ab");
	check_printable("abcdef", 0, "");
}

TEST(test_b64url)
{
	assert_true(str_is_b64url("-_azAZ09", 1, 8));
	assert_false(str_is_b64url("-_azAZ09", 1, 7));
	assert_false(str_is_b64url("-_azAZ09", 9, 20));
	assert_false(str_is_b64url("abc=", 1, 8));
	assert_false(str_is_b64url("ab/c", 1, 8));
	assert_false(str_is_b64url("", 0, 8));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
