#include "unit.h"

#include "common/buf.h"
#include "common/mem.h"

TEST(test_add_drop_take)
{
	struct buf b;
	char *text;

	buf_init(&b, 0);
	assert_true(buf_add_str(&b, "hello "));
	assert_true(buf_printf(&b, "%s %d", "world", 7));
	assert_string_equal(b.data, "hello world 7");
	buf_drop(&b, 6);
	assert_string_equal(b.data, "world 7");
	buf_drop(&b, 7);
	assert_int_equal(b.len, 0);
	assert_string_equal(b.data, "");
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
	text = buf_take(&b);
	assert_string_equal(text, "");
	free(text);
	buf_drop(&b, 0);
	buf_free(&b);
}

TEST(test_grows)
{
	struct buf b;

	buf_init(&b, 0);
	for (int i = 0; i < 10000; i++)
		assert_true(buf_add(&b, "ab", 2));
	assert_int_equal(b.len, 20000);
	assert_int_equal(strlen(b.data), 20000);
	assert_true(buf_add(&b, "\0x", 2));
	assert_int_equal(b.len, 20002);
	buf_wipe(&b);
	assert_null(b.data);
	assert_true(buf_add(&b, "", 0));
	assert_string_equal(b.data, "");
	buf_free(&b);
}

TEST(test_cap)
{
	struct buf b;

	buf_init(&b, 10);
	assert_true(buf_add_str(&b, "12345678"));
	assert_false(buf_add_str(&b, "901"));
	assert_false(buf_printf(&b, "%d", 901));
	assert_string_equal(b.data, "12345678");
	assert_true(buf_add_str(&b, "90"));
	assert_false(buf_add_str(&b, "1"));
	assert_true(buf_add_str(&b, ""));
	assert_false(buf_add(&b, "x", SIZE_MAX - 3));
	assert_string_equal(b.data, "1234567890");
	buf_free(&b);
	assert_int_equal(b.cap, 10);
}

TEST(test_exact_room)
{
	struct buf b;
	char *fill = xcalloc(1, 256);

	memset(fill, 'x', 255);
	buf_init(&b, 0);
	assert_true(buf_add(&b, fill, 255));
	assert_true(buf_add(&b, fill, 1));
	assert_int_equal(strlen(b.data), 256);
	buf_free(&b);
	free(fill);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
