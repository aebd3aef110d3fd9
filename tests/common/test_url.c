#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/address.h"
#include "common/url.h"
#include "unit.h"

/* What a host is: engine and keeper ask the same function. NULL = no URL. */
TEST(test_authorities)
{
	static const char *const pairs[][2] = {
	    {"https://ca.test", "ca.test:443"},
	    {"https://CA.test:14000/dir", "ca.test:14000"},
	    {"HTTPS://ca.test/dir", "ca.test:443"},
	    {"https://[2001:DB8::1]:8/dir", "[2001:db8::1]:8"},
	    {"https://[2001:db8::1]/dir", "[2001:db8::1]:443"},
	    {"https://ca.test?x", "ca.test:443"},
	    {"https://ca.test:/", NULL},
	    {"https://ca.test:0/", NULL},
	    {"https://ca.test:65536/", NULL},
	    {"https://ca.test:1x/", NULL},
	    {"https://ca.test:443:1/", NULL},
	    {"https://[::1/", NULL},
	    {"https://[::1]x/", NULL},
	    {"https://[evil.test]/", NULL},
	    {"https:///x", NULL},
	    {"https://user@ca.test/", NULL},
	    {"https://ca.test@evil.test/", NULL},
	    {"https://ca.test\\@evil.test/", NULL},
	    {"https://ca.test#@evil.test/", NULL},
	    {"https://ca.test/#x", NULL},
	    {"https://ca..test/", NULL},
	    {"https://ca.test%00.evil.test/", NULL},
	    {"https://ca.test /", NULL},
	    {"https://ca.test/\n", NULL},
	    {"http://ca.test/", NULL},
	    {"//ca.test/", NULL},
	    {"/dir", NULL},
	    {"", NULL},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		char *text = url_authority(pairs[i][0]);

		if (!text != !pairs[i][1] || (text && strcmp(text, pairs[i][1]) != 0))
			fail_msg("'%s' -> %s", pairs[i][0], text ? text : "no URL");
		free(text);
	}
}

TEST(test_plain_paths)
{
	static const char *const plain[] = {"https://a.test",
	                                    "https://a.test/",
	                                    "https://a.test/acct/1",
	                                    "https://a.test/acct/1/",
	                                    "https://a.test/acct/1?x=%20;//",
	                                    "https://a.test/.well-known/a..b/...",
	                                    "https://a.test/Aq_-~=/@:+,"};
	static const char *const odd[] = {
	    "https://a.test//",        "https://a.test//acct/1", "https://a.test/acct//1",
	    "https://a.test/acct/1//", "https://a.test/./acct",  "https://a.test/../acct",
	    "https://a.test/acct/.",   "https://a.test/acct/..", "https://a.test/acct/1;x=1",
	    "https://a.test/acct/%31", "https://a.test/..;/acct"};

	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if (!url_valid(plain[i]) || !url_path_plain(plain[i]))
			fail_msg("%s is refused", plain[i]);
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		if (url_path_plain(odd[i]))
			fail_msg("%s is plain", odd[i]);
}

TEST(test_paths)
{
	const char *path;

	assert_int_equal(url_path("https://a.test", &path), 0);
	assert_int_equal(url_path("https://a.test/", &path), 0);
	assert_int_equal(url_path("https://a.test/acct/1/?b/c", &path), 7);
	assert_memory_equal(path, "/acct/1", 7);
	assert_int_equal(url_path("https://a.test?b/c", &path), 0);
}

/* Every form that users have from dig, BIND and browsers, in one place. */
TEST(test_addresses_with_ports)
{
	static const char *const good[] = {"192.0.2.1",        "192.0.2.1:53",    "192.0.2.1#53",
	                                   "2001:db8::1",      "2001:db8::1#53",  "[2001:db8::1]",
	                                   "[2001:db8::1]:53", "[2001:db8::1]#53"};
	static const char *const bad[] = {"",
	                                  "ns.test",
	                                  "192.0.2.1:",
	                                  "192.0.2.1#",
	                                  "192.0.2.1:0",
	                                  "192.0.2.1#65536",
	                                  "192.0.2.1:53x",
	                                  "192.0.2.1:5#3",
	                                  "[192.0.2.1]:53",
	                                  "[2001:db8::1",
	                                  "[2001:db8::1]x",
	                                  "192.0.2",
	                                  "#53",
	                                  ":53"};
	struct sockaddr_storage a;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!address_parse_port(good[i], 53, &a))
			fail_msg("'%s' is refused", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (address_parse_port(bad[i], 53, &a))
			fail_msg("'%s' is taken", bad[i]);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
