#include "config.h"

#include "unit.h"

#include "common/mem.h"
#include "launcher/names.h"

static struct strs names;
static struct err trouble;

static struct strs list(const char *words)
{
	struct strs s = {0};
	char *copy = xstrdup(words), *rest = copy, *one;
	while ((one = strsep(&rest, " ")))
		strs_add(&s, one);
	free(copy);
	return s;
}

static bool check(const char *words)
{
	struct strs typed = list(words);
	strs_free(&names);
	memset(&names, 0, sizeof names);
	bool ok = names_check(&typed, &names, &trouble);
	strs_free(&typed);
	return ok;
}

static void refused(const char *words, const char *word)
{
	assert_false(check(words));
	if (!strstr(trouble.text, word))
		fail_msg("'%s' lacks '%s'", trouble.text, word);
}

TEST(names_are_normalised)
{
	assert_true(check("Example.TEST. *.Example.Test b\xc3\xbc"
	                  "cher.example"));
	assert_int_equal(names.n, 3);
	assert_string_equal(names.at[0], "example.test");
	assert_string_equal(names.at[1], "*.example.test");
	assert_string_equal(names.at[2], "xn--bcher-kva.example");
}

TEST(doubles_are_refused)
{
	refused("a.test b.test A.test.", "a.test is named twice (once as A.test.)");
	refused("*.a.test *.a.test", "*.a.test is named twice; leave one out");
	refused("*.a.test www.a.test", "www.a.test is covered by *.a.test");
	refused("www.a.test b.test *.a.test", "leave www.a.test out");
	assert_true(check("a.test *.a.test *.b.a.test x.b.c.a.test"));
}

TEST(at_most_a_hundred)
{
	struct strs many = {0};
	for (int i = 0; i < 101; i++) {
		char *name = xasprintf("n%d.test", i);
		strs_add(&many, name);
		free(name);
	}
	char *words = strs_join(&many, " ");
	refused(words, "101 names");
	*strrchr(words, ' ') = '\0';
	assert_true(check(words));
	free(words);
	strs_free(&many);
}

TEST(ids)
{
	char *id;
	assert_true(check("*.a.test b.test"));
	id = names_id(NULL, &names, &trouble);
	assert_string_equal(id, "a.test");
	free(id);
	id = names_id("Web_1.x-y", &names, &trouble);
	assert_string_equal(id, "web_1.x-y");
	free(id);
	const char *wrong[] = {"", ".", "..", "../x", "a/b", ".hidden", "-x", "a b", "\xc3\xbc"};
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_null(names_id(wrong[i], &names, &trouble));
}

TEST(differences)
{
	struct strs old = list("a.test b.test c.test"), now = list("c.test d.test e.test a.test");
	char *text = names_difference(&old, &now);
	assert_string_equal(text, "add d.test, e.test; drop b.test");
	free(text);
	text = names_difference(&now, &old);
	assert_string_equal(text, "add b.test; drop d.test, e.test");
	free(text);
	text = names_difference(&old, &old);
	assert_string_equal(text, "");
	free(text);
	strs_free(&old);
	strs_free(&now);
}

TEST(patterns)
{
	const char *right[][2] = {{"**.Val.test.", "**.val.test"},
	                          {"*.x.test", "*.x.test"},
	                          {"_acme.x.test", "_acme.x.test"},
	                          {"x", "x"}};
	const char *wrong[] = {"", ".", "*", "**", "**.", "*.*.x", "a.**.x", "a..b", "b\xc3\xbc.test", "a b"};
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		char *pattern = names_pattern(right[i][0], true, &trouble);
		assert_string_equal(pattern, right[i][1]);
		free(pattern);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (names_pattern(wrong[i], true, &trouble))
			fail_msg("'%s' was taken", wrong[i]);
	assert_null(names_pattern("*.x", false, &trouble));
}

TEST(servers)
{
	const char *right[] = {"x.test=192.0.2.1", "x.test=192.0.2.1:5353,[2001:db8::1]:53,2001:db8::1",
	                       "x.test=192.0.2.1#5353,2001:db8::1#53"};
	const char *wrong[] = {"x.test",
	                       "x.test=",
	                       "x.test=ns.test",
	                       "x.test=192.0.2.1#",
	                       "x.test=192.0.2.1#0",
	                       "x.test=192.0.2.1#65536",
	                       "x.test=#53",
	                       "x.test=192.0.2.1:",
	                       "*.x.test=192.0.2.1"};
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		char *text = names_servers(right[i], &trouble);
		assert_string_equal(text, right[i]);
		free(text);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (names_servers(wrong[i], &trouble))
			fail_msg("'%s' was taken", wrong[i]);
}

static int tear_down(void **unused)
{
	strs_free(&names);
	return 0;
}

int main(void)
{
	return unit_run(NULL, tear_down);
}
