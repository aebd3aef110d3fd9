#include "config.h"

#include "unit.h"

#include <unistd.h>

#include "host/mask.h"
#include "host/options.h"
#include "common/mem.h"

static const struct dnsproof_option table[] = {
    {"server", DNSPROOF_REQUIRED, "X_SERVER", NULL, "the name server"},
    {"port", DNSPROOF_INT, NULL, "53", "its port"},
    {"key", DNSPROOF_SECRET, NULL, NULL, "the key"},
    {"tls", DNSPROOF_BOOL, NULL, NULL, "use TLS"},
    {"url", DNSPROOF_URL, NULL, NULL, "base"},
    {0},
};

static struct err e;

/* Pairs "key", "value", with key "key" from a source; ends with NULL. */
static json_t *resolve(const char *const *pairs)
{
	struct givens g = {0};
	json_t *options;

	e.text[0] = '\0';
	for (size_t i = 0; pairs[i]; i += 2)
		givens_add(&g, pairs[i], xstrdup(pairs[i + 1]),
		           !strcmp(pairs[i], "key") ? "file:/etc/k" : NULL);
	options = options_resolve(table, "test", &g, &e);
	givens_free(&g);
	return options;
}

#define RESOLVE(...) resolve((const char *const[]){__VA_ARGS__, NULL})

static void refuses(const char *key, const char *value, const char *words)
{
	assert_null(RESOLVE("server", "a", key, value));
	if (!strstr(e.text, words))
		fail_msg("'%s' does not say '%s'", e.text, words);
}

TEST(test_typed)
{
	json_t *o = RESOLVE("server", "127.0.0.1", "key", "hunter22", "tls", "Yes", "url", "https://a.b/c");
	json_t *want = json_pack("{s:s,s:i,s:s,s:b,s:s}", "server", "127.0.0.1", "port", 53, "key",
	                         "hunter22", "tls", 1, "url", "https://a.b/c");

	assert_non_null(o);
	assert_true(json_equal(o, want));
	json_decref(want);
	options_free(o);
}

TEST(test_secret_is_masked)
{
	json_t *o = RESOLVE("server", "127.0.0.1", "key", "hunter22");
	char *masked = mask_text("it was hunter22, at 127.0.0.1");

	assert_string_equal(masked, "it was ***, at 127.0.0.1");
	free(masked);
	options_free(o);
	mask_wipe();
}

TEST(test_wrong_types)
{
	refuses("port", "53x", "'53x' is not a whole number");
	refuses("port", " 53", "not a whole number");
	refuses("port", "+53", "not a whole number");
	refuses("port", "99999999999999999999", "not a whole number");
	refuses("tls", "maybe", "'maybe' is neither yes nor no");
	refuses("url", "ftp://a", "is not a URL");
	refuses("url", "https://", "is not a URL");
	refuses("url", "https:///x", "is not a URL");
	refuses("url", "https://a b", "is not a URL");
}

TEST(test_negative_and_zero)
{
	json_t *o = RESOLVE("server", "a", "port", "-1", "tls", "off");

	assert_int_equal(json_integer_value(json_object_get(o, "port")), -1);
	assert_true(json_is_false(json_object_get(o, "tls")));
	options_free(o);
}

TEST(test_empty_is_not_given)
{
	json_t *o = RESOLVE("server", "a", "url", "");

	assert_null(json_object_get(o, "url"));
	options_free(o);
	assert_null(RESOLVE("server", ""));
	assert_string_equal(e.text, "option server: test needs it (the name server); add --set "
	                            "server=VALUE (environment names known for it: X_SERVER)");
}

TEST(test_missing)
{
	assert_null(RESOLVE("port", "53"));
	assert_non_null(strstr(e.text, "option server:"));
	assert_non_null(strstr(e.text, "add --set server=VALUE"));
}

TEST(test_unknown)
{
	refuses("serber", "x", "option serber: test has no such option; did you mean server?");
	refuses("prot", "x", "did you mean port?");
	refuses("completely-else", "x", "it has server, port, key, tls, url");
	refuses("12345678901234567890123456789012345678901234567890123456789012345678901234567890", "x",
	        "it has server");
}

TEST(test_literal_secret)
{
	struct givens g = {0};

	givens_add(&g, "server", xstrdup("a"), NULL);
	givens_add(&g, "key", xstrdup("topsecret"), NULL);
	assert_null(options_resolve(table, "test", &g, &e));
	assert_non_null(strstr(e.text, "--set key=file:/path"));
	assert_null(strstr(e.text, "topsecret"));
	givens_free(&g);
}

TEST(test_no_table)
{
	struct givens g = {0};
	json_t *o = options_resolve(NULL, "bare", &g, &e);

	assert_int_equal(json_object_size(o), 0);
	options_free(o);
	givens_add(&g, "x", xstrdup("y"), NULL);
	assert_null(options_resolve(NULL, "bare", &g, &e));
	assert_string_equal(e.text, "option x: bare has no such option; it has none at all");
	givens_free(&g);
}

static char *read_of(const char *bytes, size_t n)
{
	FILE *f = tmpfile();
	char *text;

	assert_int_equal(fwrite(bytes, 1, n, f), n);
	rewind(f);
	e.text[0] = '\0';
	text = option_read(fileno(f), "file:/k", &e);
	fclose(f);
	return text;
}

static void reads(const char *bytes, const char *want)
{
	char *text = read_of(bytes, strlen(bytes));

	assert_string_equal(text, want);
	free(text);
}

TEST(test_read)
{
	char *large = xcalloc(1, OPTION_MOST + 1);

	reads("abc", "abc");
	reads("abc\n", "abc");
	reads("abc\r\n", "abc");
	reads("abc\n\n", "abc\n");
	reads(" a b ", " a b ");
	assert_null(read_of("", 0));
	assert_string_equal(e.text, "file:/k: is empty");
	assert_null(read_of("\n", 1));
	assert_null(read_of("a\0b", 3));
	assert_null(read_of("a\xff", 2));
	assert_string_equal(e.text, "file:/k: is not UTF-8 text");
	memset(large, 'x', OPTION_MOST + 1);
	assert_null(read_of(large, OPTION_MOST + 1));
	assert_non_null(strstr(e.text, "larger than 65536"));
	free(large);
	assert_null(option_read(-1, "file:/k", &e));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
