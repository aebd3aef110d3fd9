#include "unit.h"

#include "engine/acme/header_fields.h"
#include "engine/net/header.h"
#include "engine/acme/problem.h"
#include "common/url.h"

TEST(test_imf_date)
{
	assert_int_equal(imf_date_parse("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
	assert_int_equal(imf_date_parse("Thu, 01 Jan 1970 00:00:01 GMT"), 1);
	assert_int_equal(imf_date_parse("Thu, 29 Feb 2024 00:00:00 GMT"), 1709164800);
	assert_int_equal(imf_date_parse(NULL), 0);
	for (const char **p =
	         (const char *[]){"", "Sun, 06 Nov 1994 08:49:37", "Sun, 6 Nov 1994 08:49:37 GMT",
	                          "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
	                          "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 nov 1994 08:49:37 GMT",
	                          "Sun, 29 Feb 2023 00:00:00 GMT", "784111777",
	                          "Sun, 06 Nov 1994 08:49:37 GMTx", NULL};
	     *p; p++)
		assert_int_equal(imf_date_parse(*p), 0);
}

TEST(test_retry_after)
{
	const int64_t now = 784111777;

	assert_int_equal(retry_after_ms(NULL, now), 0);
	assert_int_equal(retry_after_ms("", now), 0);
	assert_int_equal(retry_after_ms("0", now), 1000);
	assert_int_equal(retry_after_ms("3", now), 3000);
	assert_int_equal(retry_after_ms("3600", now), 3600000);
	assert_int_equal(retry_after_ms("1000000000000", now), UINT64_C(604800000));
	assert_int_equal(retry_after_ms("99999999999999999999999999999999", now), UINT64_C(604800000));
	assert_int_equal(retry_after_ms("-1", now), 0);
	assert_int_equal(retry_after_ms("soon", now), 0);
	assert_int_equal(retry_after_ms("1.5", now), 0);
	assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:49:47 GMT", now), 10000);
	assert_int_equal(retry_after_ms("Sun, 06 Nov 1994 08:49:27 GMT", now), 1000);
	assert_int_equal(retry_after_ms("Sun, 06 Nov 2094 08:49:27 GMT", now), UINT64_C(604800000));
}

static void alternates(const char *one, const char *two, const char *expected)
{
	struct strs fields = {0}, out = {0};
	char *text;

	strs_add(&fields, one);
	if (two)
		strs_add(&fields, two);
	links_alternate(&fields, &out);
	text = strs_join(&out, " ");
	assert_string_equal(text, expected);
	free(text);
	strs_free(&fields);
	strs_free(&out);
}

TEST(test_links)
{
	alternates("<https://ca/dir>;rel=\"index\"", NULL, "");
	alternates("<https://ca/1>;rel=\"alternate\"", "<https://ca/2>; rel=alternate",
	           "https://ca/1 https://ca/2");
	alternates("<https://ca/d>;rel=\"index\", <https://ca/1> ; title=\"a,b;c\" ; REL=\"up Alternate\" "
	           ",<https://ca/2>;rel=alternate;x",
	           NULL, "https://ca/1 https://ca/2");
	alternates("<https://ca/1>;rel=alternate", "<https://ca/1>;rel=alternate", "https://ca/1");
	alternates("<http://ca/1>;rel=alternate", "<https://u@ca/1>;rel=alternate", "");
	alternates("</relative>;rel=alternate", "<https://ca/1", "");
	alternates("<https://ca/1>;rel=\"alternate", "<", "https://ca/1");
	alternates("", ";;;,,,<>;rel=alternate", "");
	alternates("<https://ca/1>;rel=\"alternates\"", "<https://ca/1>;rev=alternate", "");
}

TEST(test_clock)
{
	struct problem *p = clock_problem(784111777, 0, "Sun, 06 Nov 1994 08:49:37 GMT");

	assert_null(p);
	assert_null(clock_problem(784111777 + 86400, 0, "Sun, 06 Nov 1994 08:49:37 GMT"));
	assert_null(clock_problem(784111777, 784111777 + 80000, NULL));
	p = clock_problem(784111777 + 86401, 0, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_non_null(p);
	assert_int_equal(p->class, PROBLEM_PERSON);
	assert_string_equal(p->detail, "this machine's clock says 1994-11-07 08:49 UTC, the CA's says "
	                               "1994-11-06 08:49 UTC; set the clock");
	problem_free(p);
	p = clock_problem(784111777 - 90000, 0, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_non_null(p);
	problem_free(p);
	p = clock_problem(0, 784111777, "nonsense");
	assert_non_null(p);
	assert_non_null(strstr(p->detail, "before this program was built"));
	problem_free(p);
}

TEST(test_url)
{
	char *long_url = malloc(3000);
	unsigned port;
	char *text;

	for (const char **p =
	         (const char *[]){"https://ca.example/acme?x=1&y=%20", "https://127.0.0.1:14000/dir",
	                          "https://[::1]:14000/dir", "HTTPS://CA.example", "https://a-b_c.d/", NULL};
	     *p; p++)
		assert_true(url_valid(*p));
	for (const char **p = (const char *[]){"",
	                                       "https:/ca/",
	                                       "https:///x",
	                                       "https://u:p@ca/",
	                                       "https://ca:/",
	                                       "https://ca:65536/",
	                                       "https://ca:-1/",
	                                       "https://ca/\n",
	                                       "https://ca/ x",
	                                       "https://ca/\xc3\xa4",
	                                       "https://ca/#x",
	                                       "https://[::1/",
	                                       "https://[::1]x/",
	                                       "https://[ca]/",
	                                       "https://.ca/",
	                                       "https://c..a/",
	                                       "http://ca/",
	                                       "javascript:https://ca/",
	                                       "https://ca\\@evil/",
	                                       "https://c%41/",
	                                       NULL};
	     *p; p++)
		assert_false(url_valid(*p));
	memset(long_url, 'a', 2999);
	memcpy(long_url, "https://ca/", 11);
	long_url[2049] = '\0';
	assert_false(url_valid(long_url));
	long_url[2048] = '\0';
	assert_true(url_valid(long_url));
	free(long_url);
	text = url_authority("https://[2001:DB8::1]/x");
	assert_string_equal(text, "[2001:db8::1]:443");
	free(text);
	text = url_host("https://CA.Example:8443/x:y@z", &port);
	assert_string_equal(text, "ca.example");
	assert_int_equal(port, 8443);
	free(text);
	assert_true(url_same_host("https://ca/a", "https://CA:443/b"));
	assert_false(url_same_host("https://ca/a", "https://ca:444/b"));
	assert_false(url_same_host("https://ca/a", "https://ca.evil/b"));
}

static bool add(struct http_headers *h, const char *line)
{
	return http_headers_add(h, line, strlen(line));
}

TEST(test_headers)
{
	struct http_headers h = {0};
	unsigned lines;

	assert_true(add(&h, "HTTP/1.1 100 Continue\r\n"));
	assert_true(add(&h, "Replay-Nonce: old\r\n"));
	assert_true(add(&h, "\r\n"));
	assert_true(add(&h, "HTTP/2 200\r\n"));
	assert_null(h.value[HEADER_REPLAY_NONCE]);
	assert_true(add(&h, "replay-nonce:  new \t\r\n"));
	assert_true(add(&h, "REPLAY-NONCE: second\r\n"));
	assert_true(add(&h, "Location: https://ca/\x01\r\n"));
	assert_true(add(&h, "Retry-After:\r\n"));
	assert_true(add(&h, "no colon"));
	assert_string_equal(h.value[HEADER_REPLAY_NONCE], "new");
	assert_null(h.value[HEADER_LOCATION]);
	assert_null(h.value[HEADER_RETRY_AFTER]);
	for (lines = 0; add(&h, "Link: <https://ca/1>;rel=alternate\r\n"); lines++)
		assert_true(lines < 100);
	assert_int_equal(h.links.n, 20);
	http_headers_free(&h);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
