#include "unit.h"

#include "common/mem.h"
#include "common/str.h"

static void accepts(const char *typed, const char *expected)
{
	struct err e = {""};
	char *name = name_normalise(typed, &e);

	assert_string_equal(e.text, "");
	assert_non_null(name);
	assert_string_equal(name, expected);
	free(name);
}

static void refuses(const char *typed, const char *because)
{
	struct err e = {""};
	char *name = name_normalise(typed, &e);

	assert_null(name);
	if (!strstr(e.text, because))
		fail_msg("'%s': \"%s\" does not say \"%s\"", typed, e.text, because);
	assert_null(name_normalise(typed, NULL));
}

TEST(test_accepted)
{
	accepts("www.example.com", "www.example.com");
	accepts("WWW.Example.COM.", "www.example.com");
	accepts("*.Example.com", "*.example.com");
	accepts("*.example.com.", "*.example.com");
	accepts("b\xc3\xbc"
	        "cher.example",
	        "xn--bcher-kva.example");
	accepts("*.B\xc3\x9c"
	        "CHER.example.",
	        "*.xn--bcher-kva.example");
	accepts("bu\xcc\x88"
	        "cher.example",
	        "xn--bcher-kva.example"); /* not composed */
	accepts("stra\xc3\x9f"
	        "e.example",
	        "xn--strae-oqa.example");                   /* IDNA 2008, not "strasse" */
	accepts("example\xe3\x80\x82test", "example.test"); /* ideographic full stop */
	accepts("XN--BCHER-KVA.example", "xn--bcher-kva.example");
	/* A-labels that decode are taken, whatever IDNA 2008 thinks of the code points. */
	accepts("xn--i-7iq.z23.test", "xn--i-7iq.z23.test");
	accepts("*.xn--ls8h.la", "*.xn--ls8h.la");
	accepts("b\xc3\xbc"
	        "cher.xn--i-7iq.test",
	        "xn--bcher-kva.xn--i-7iq.test");
	accepts("r3---sn-4g5e.example.com", "r3---sn-4g5e.example.com");
	accepts("1.2.3.4.in-addr.arpa", "1.2.3.4.in-addr.arpa");
	accepts("4.com", "4.com");
}

TEST(test_refused)
{
	refuses("", "empty");
	refuses(".", "empty");
	refuses("*.*.x", "only one \"*.\"");
	refuses("*", "a wildcard of nothing; give a wildcard in quotes");
	refuses("a*.example.com", "only one \"*.\"");
	refuses("www.*.example.com", "only one \"*.\"");
	refuses("**.example.com", "only one \"*.\"");
	refuses("*.", "empty");
	refuses("*.com", "single label");
	refuses("localhost", "single label");
	refuses("com.", "single label");
	refuses("192.0.2.1", "IP address");
	refuses("2001:db8::1", "IP address");
	refuses("[2001:db8::1]", "IP address");
	refuses("*.192.0.2.1", "IP address");
	refuses("192.0.2.1.", "digits only");
	refuses("1.2.3", "digits only");
	refuses("a..b", "empty label");
	refuses(".example.com", "empty label");
	refuses("example.com..", "empty label");
	refuses("my host.example.com", "white space");
	refuses(" example.com", "white space");
	refuses("example.com\n", "white space");
	refuses("https://example.com", "URL");
	refuses("example.com/", "URL");
	refuses("me@example.com", "mail address");
	refuses("example.com:443", "':'");
	refuses("_acme-challenge.example.com", "without _acme-challenge");
	refuses("a_b.example.com", "underscore");
	refuses("-a.example.com", "begins or ends with '-'");
	refuses("a-.example.com", "begins or ends with '-'");
	refuses("a!.example.com", "character");
	refuses("a\\.b.example.com", "character");
	refuses("xn--zzzzzzz99.example", "internationalised");
	refuses("b\xfc"
	        "cher.example",
	        "internationalised");
	refuses("a\xe2\x80\xae"
	        "b.example",
	        "internationalised");
}

TEST(test_message_is_printable)
{
	struct err e;

	assert_null(name_normalise("\x1b[2J.example.com", &e));
	assert_null(strchr(e.text, '\x1b'));
	assert_non_null(strstr(e.text, "'?[2J.example.com' "));
}

/* A name of n octets whose labels have at most 63. */
static char *long_name(size_t n)
{
	char *name = xcalloc(n + 1, 1);

	for (size_t i = 0; i < n; i++)
		name[i] = i % 51 == 50 ? '.' : 'a';
	if (name[n - 1] == '.')
		name[n - 1] = 'a';
	return name;
}

TEST(test_lengths)
{
	char label[80];
	char *name;

	snprintf(label, sizeof(label), "%063d.example", 0);
	accepts(label, label);
	snprintf(label, sizeof(label), "%064d.example", 0);
	refuses(label, "63 octets");
	name = long_name(253 - 16); /* with _acme-challenge. it just fits */
	accepts(name, name);
	free(name);
	name = long_name(253 - 15);
	refuses(name, "too long for DNS-01");
	free(name);
	name = long_name(253);
	refuses(name, "too long for DNS-01");
	free(name);
	name = long_name(254);
	refuses(name, "longer than the 253");
	free(name);
	name = long_name(100000);
	refuses(name, "longer than the 253");
	free(name);
}

TEST(test_below)
{
	assert_true(name_is_below("a.example.com", "example.com"));
	assert_true(name_is_below("example.com", "example.com"));
	assert_false(name_is_below("example.com", "a.example.com"));
	assert_false(name_is_below("notexample.com", "example.com"));
	assert_false(name_is_below("a\\.example.com", "example.com"));
	assert_true(name_is_below("com", ""));
	assert_true(name_is_below("", ""));
	assert_false(name_is_below("", "com"));
}

TEST(test_parent_labels)
{
	assert_string_equal(name_parent("a.b.c"), "b.c");
	assert_string_equal(name_parent("c"), "");
	assert_null(name_parent(""));
	assert_string_equal(name_parent("a\\.b.c"), "c");
	assert_string_equal(name_parent("a\\"), "");
	assert_int_equal(name_labels(""), 0);
	assert_int_equal(name_labels("c"), 1);
	assert_int_equal(name_labels("a.b.c"), 3);
	assert_int_equal(name_labels("a\\.b.c"), 2);
}

static void check_relative(const char *name, const char *zone, const char *expected)
{
	char *got = name_relative(name, zone);

	if (!expected)
		assert_null(got);
	else
		assert_string_equal(got, expected);
	free(got);
}

TEST(test_relative)
{
	check_relative("_acme-challenge.a.example.com", "example.com", "_acme-challenge.a");
	check_relative("example.com", "example.com", "@");
	check_relative("example.com", "", "example.com");
	check_relative("", "", "@");
	check_relative("example.org", "example.com", NULL);
}

TEST(test_matches)
{
	assert_true(name_matches("a.val.test", "**.val.test"));
	assert_true(name_matches("a.b.val.test", "**.val.test"));
	assert_false(name_matches("val.test", "**.val.test"));
	assert_false(name_matches("xval.test", "**.val.test"));
	assert_false(name_matches("a\\.val.test", "**.val.test"));
	assert_true(name_matches("a.val.test", "*.val.test"));
	assert_false(name_matches("a.b.val.test", "*.val.test"));
	assert_false(name_matches("val.test", "*.val.test"));
	assert_true(name_matches("a.val.test", "a.val.test"));
	assert_false(name_matches("b.val.test", "a.val.test"));
	assert_false(name_matches("a.val.test", "**"));
	assert_false(name_matches("a.val.test", ""));
	assert_false(name_matches("", "**.val.test"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
