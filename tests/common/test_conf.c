#include "config.h"

#include "unit.h"

#include "common/conf.h"

static char *dumped(const char *yaml)
{
	struct conf c;
	struct err e;
	char *text;

	if (!conf_parse(&c, "f", yaml, strlen(yaml), &e))
		fail_msg("%s", e.text);
	text = json_dumps(c.root, JSON_COMPACT | JSON_ENCODE_ANY);
	conf_free(&c);
	return text;
}

TEST(values)
{
	static const struct {
		const char *yaml, *json;
	} all[] = {
	    {"", "null"},
	    {"# nothing\n", "null"},
	    {"a: 1\nb: -7\nc: 0\nd: '1'\ne: \"x\\ny\"\nf: 1.5\ng: 007\nh: 1e3\n",
	     "{\"a\":1,\"b\":-7,\"c\":0,\"d\":\"1\",\"e\":\"x\\ny\",\"f\":\"1.5\",\"g\":\"007\",\"h\":"
	     "\"1e3\"}"},
	    {"[yes, No, TRUE, off, ~, null, 'null', '', y]",
	     "[true,false,true,false,null,null,\"null\",\"\",\"y\"]"},
	    {"a:\n", "{\"a\":null}"},
	    {"a: {b: [1, {c: d}], e: x}\n", "{\"a\":{\"b\":[1,{\"c\":\"d\"}],\"e\":\"x\"}}"},
	    {"a: |\n  x\n  y\nb: >\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\"}"},
	    {"1234567890123456789012", "\"1234567890123456789012\""},
	    {"-", "[null]"},
	    {"---\na: b\n...\n", "{\"a\":\"b\"}"},
	    {"a/b: {c~d: 1}", "{\"a/b\":{\"c~d\":1}}"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char *json = dumped(all[i].yaml);

		assert_string_equal(json, all[i].json);
		free(json);
	}
}

TEST(refused)
{
	static const struct {
		const char *yaml, *words;
	} all[] = {
	    {"a: &x 1\nb: *x\n", "f:1: an anchor"},
	    {"a: 1\nb: *x\n", "f:2: an alias"},
	    {"a: !!int '1'\n", "f:1: a tag"},
	    {"a: !x {b: 1}\n", "f:1: a tag"},
	    {"a: 1\nb: {<<: 2}\n", "f:2: a merge key"},
	    {"a: 1\nb: 2\na: 3\n", "f:3: a is there twice"},
	    {"? [a]\n: b\n", "f:1: a map or list as a key"},
	    {"a: 1\n---\nb: 2\n", "f:2: another document"},
	    {"a: [1\n", "expected YAML"},
	    {"a: 'x\n", "expected YAML"},
	    {"\ta: b\n", "f:1: "},
	    {"a: \"\\0\"\n", "f:1: a NUL"},
	    {"a: \xff\n", "expected YAML"},
	    {"%YAML 9.9\n---\na: b\n", "expected YAML"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct conf c;
		struct err e;

		assert_false(conf_parse(&c, "f", all[i].yaml, strlen(all[i].yaml), &e));
		conf_free(&c);
		if (!strstr(e.text, all[i].words))
			fail_msg("%zu: '%s' lacks '%s'", i, e.text, all[i].words);
	}
}

TEST(depth_and_size)
{
	static char large[CONF_MOST + 10], deep[200];
	struct conf c;
	struct err e;

	memset(large, '#', sizeof(large));
	assert_false(conf_parse(&c, "f", large, sizeof(large), &e));
	conf_free(&c);
	assert_true(conf_parse(&c, "f", large, CONF_MOST, &e));
	conf_free(&c);
	memset(deep, '[', 32);
	memset(deep + 32, ']', 32);
	assert_true(conf_parse(&c, "f", deep, 64, &e));
	conf_free(&c);
	memset(deep, '[', 34);
	memset(deep + 34, ']', 34);
	assert_false(conf_parse(&c, "f", deep, 68, &e));
	assert_non_null(strstr(e.text, "deeper than 32"));
	conf_free(&c);
}

TEST(lines)
{
	static const char yaml[] = "a: 1\nb:\n  - x\n  - {c: 1,\n     d/e: 2}\n";
	struct conf c;
	struct err e;

	assert_true(conf_parse(&c, "f", yaml, strlen(yaml), &e));
	assert_int_equal(conf_line(&c, "/a"), 1);
	assert_int_equal(conf_line(&c, "/b/0"), 3);
	assert_int_equal(conf_line(&c, "/b/1/c"), 4);
	assert_int_equal(conf_line(&c, "/b/1/d~1e"), 5);
	assert_int_equal(conf_line(&c, "/b/1/none/x"), 4);
	assert_int_equal(conf_line(&c, "/none"), 1);
	assert_false(conf_wrong(&c, "/b/0", &e, "%s, expected y", "x"));
	assert_string_equal(e.text, "f:3: x, expected y");
	conf_free(&c);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
