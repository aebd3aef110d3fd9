#include "unit.h"

#include "common/b64.h"

static void check(const char *bytes, const char *b64, const char *b64url)
{
	size_t n = strlen(bytes), m;
	char *text = b64_encode(bytes, n);
	uint8_t *back;

	assert_string_equal(text, b64);
	free(text);
	text = b64url_encode(bytes, n);
	assert_string_equal(text, b64url);
	free(text);
	back = b64_decode(b64, &m);
	assert_non_null(back);
	assert_int_equal(m, n);
	assert_memory_equal(back, bytes, n + 1);
	free(back);
	back = b64url_decode(b64url, &m);
	assert_non_null(back);
	assert_int_equal(m, n);
	assert_memory_equal(back, bytes, n + 1);
	free(back);
}

/* RFC 4648 section 10 */
TEST(test_vectors)
{
	check("", "", "");
	check("f", "Zg==", "Zg");
	check("fo", "Zm8=", "Zm8");
	check("foo", "Zm9v", "Zm9v");
	check("foob", "Zm9vYg==", "Zm9vYg");
	check("fooba", "Zm9vYmE=", "Zm9vYmE");
	check("foobar", "Zm9vYmFy", "Zm9vYmFy");
	check("\xfb\xff\xfe", "+//+", "-__-");
}

TEST(test_all_lengths)
{
	uint8_t bytes[70];

	for (size_t n = 0; n < sizeof(bytes); n++) {
		char *text;
		uint8_t *back;
		size_t m = 999;

		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)(i * 37 + n * 11);
		text = b64url_encode(bytes, n);
		back = b64url_decode(text, &m);
		assert_int_equal(m, n);
		assert_memory_equal(back, bytes, n);
		free(text);
		free(back);
	}
}

TEST(test_url_is_strict)
{
	const char *const bad[] = {"Zg==", "Zm8=", "Z",   "Zm9vY",    "Zm 9v",   "Zm9v\n",
	                           "+//+", "Zh",   "Zm9", "Zm9vYmF.", "\xc3\xbc"};
	size_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_null(b64url_decode(bad[i], &n));
}

TEST(test_standard_is_lenient)
{
	const char *const same[] = {"Zm9vYg==", "Zm9vYg", "Zm9v\n Yg==\n", "Z m 9 v Y g = ="};
	const char *const bad[] = {"Zm9vYg=", "Zm9vYg===", "Zg==Zg==", "Z", "=", "-__-", "Zm9v="};
	size_t n;

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		uint8_t *got = b64_decode(same[i], &n);

		assert_non_null(got);
		assert_string_equal((char *)got, "foob");
		free(got);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_null(b64_decode(bad[i], &n));
}

TEST(test_hex)
{
	char *text = hex_encode("\x00\x7f\xff", 3);

	assert_string_equal(text, "007fff");
	free(text);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
