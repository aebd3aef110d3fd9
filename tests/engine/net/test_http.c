#include "unit.h"

#include <unistd.h>

#include "common/loop.h"
#include "engine/net/http.h"
#include "engine/dns/lookup.h"
#include "engine/peer.h"

static struct peer peer;
static char folder[] = "/tmp/test_http.XXXXXX";
static char bundle[256];

static struct loop *loop;
static struct lookup *lookup;

/* What came back, copied. */
struct got {
	unsigned calls;
	int status;
	char error[512], body[512], nonce[64], location[128], retry[64], date[64], type[64];
	size_t links;
	bool certificate, maybe_sent;
};

static void text_copy(char *to, size_t room, const char *text)
{
	snprintf(to, room, "%s", text ? text : "");
}

static unsigned open_calls;
static const struct got *awaited; /* the loop stops at this one, else when none is open */

static void on_answer(void *arg, const struct http_answer *a)
{
	struct got *g = arg;

	g->calls++;
	g->status = a->status;
	text_copy(g->error, sizeof(g->error), a->error);
	text_copy(g->body, sizeof(g->body), a->body);
	text_copy(g->nonce, sizeof(g->nonce), a->replay_nonce);
	text_copy(g->location, sizeof(g->location), a->location);
	text_copy(g->retry, sizeof(g->retry), a->retry_after);
	text_copy(g->date, sizeof(g->date), a->date);
	text_copy(g->type, sizeof(g->type), a->content_type);
	g->links = a->links->n;
	g->certificate = a->certificate;
	g->maybe_sent = a->maybe_sent;
	open_calls--;
	if (awaited ? g == awaited : open_calls == 0)
		loop_stop(loop);
}

static struct http_call *start(struct http *h, const struct http_request *r, struct got *g)
{
	struct http_call *c;

	memset(g, 0, sizeof(*g));
	open_calls++;
	c = http_send(h, r, on_answer, g);
	assert_int_equal(g->calls, 0);
	return c;
}

static const char *url_to(const char *host, const char *path)
{
	static char url[4][256];
	static unsigned n;
	char *at = url[n++ % 4];

	snprintf(at, sizeof(url[0]), "https://%s:%d/%s", host, peer.port, path);
	return at;
}

static struct got fetch(struct http *h, const char *url, unsigned timeout_ms, size_t most)
{
	const struct http_request r = {
	    .method = HTTP_GET, .url = url, .timeout_ms = timeout_ms, .most = most};
	struct got g;

	start(h, &r, &g);
	awaited = &g;
	loop_run(loop);
	awaited = NULL;
	assert_int_equal(g.calls, 1);
	return g;
}

static struct http *trusting(void)
{
	struct err e;
	struct http *h = http_new(loop, lookup, &(struct http_ways){.bundle = bundle}, &e);

	assert_non_null(h);
	return h;
}

TEST(test_answer)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", "ok"), 0, 0);

	assert_int_equal(g.status, 200);
	assert_string_equal(g.body, "hello");
	assert_string_equal(g.nonce, "abc");
	assert_string_equal(g.location, "https://localhost/there");
	assert_string_equal(g.retry, "7");
	assert_string_equal(g.date, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_string_equal(g.type, "text/plain");
	assert_int_equal(g.links, 2);
	g = fetch(h, url_to("127.0.0.1", "ok"), 0, 0);
	assert_int_equal(g.status, 200);
	http_free(h);
}

TEST(test_post_keeps_connection)
{
	struct http *h = trusting();
	const struct http_request r = {.method = HTTP_POST,
	                               .url = url_to("localhost", "echo"),
	                               .content_type = "application/jose+json",
	                               .body = "{\"a\":1}",
	                               .body_len = 7};
	struct got one, two;

	start(h, &r, &one);
	loop_run(loop);
	start(h, &r, &two);
	loop_run(loop);
	assert_int_equal(one.status, 200);
	assert_non_null(strstr(one.body, "POST dnsproof/0.1 application/jose+json {\"a\":1} port "));
	assert_string_equal(one.body, two.body);
	http_free(h);
}

TEST(test_head)
{
	struct http *h = trusting();
	const struct http_request r = {.method = HTTP_HEAD, .url = url_to("localhost", "ok")};
	struct got g;

	start(h, &r, &g);
	loop_run(loop);
	assert_int_equal(g.status, 200);
	assert_string_equal(g.nonce, "abc");
	http_free(h);
}

TEST(test_many_at_once)
{
	struct http *h = trusting();
	struct got got[60];

	for (size_t i = 0; i < 60; i++) {
		const struct http_request r = {.method = HTTP_GET, .url = url_to("localhost", "ok")};

		start(h, &r, &got[i]);
	}
	loop_run(loop);
	for (size_t i = 0; i < 60; i++)
		assert_int_equal(got[i].status, 200);
	http_free(h);
}

TEST(test_not_trusted)
{
	struct err e;
	struct http *h = http_new(loop, lookup, &(struct http_ways){0}, &e);
	struct got g = fetch(h, url_to("localhost", "ok"), 0, 0);

	assert_int_equal(g.status, 0);
	assert_true(g.certificate);
	assert_false(g.maybe_sent);
	assert_string_equal(g.error, "localhost: certificate not trusted (unable to get local issuer "
	                             "certificate); give the CA's root with --ca-bundle FILE");
	http_free(h);
}

TEST(test_other_name)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("other.localhost", "ok"), 0, 0);

	assert_int_equal(g.status, 0);
	assert_true(g.certificate);
	assert_non_null(strstr(g.error, "other.localhost: certificate not trusted ("));
	assert_null(strstr(g.error, "--ca-bundle"));
	http_free(h);
}

TEST(test_bundle_unusable)
{
	struct err e;

	assert_null(http_new(loop, lookup, &(struct http_ways){.bundle = "/nonexistent/ca.pem"}, &e));
	assert_string_equal(e.text, "--ca-bundle /nonexistent/ca.pem: No such file or directory");
	assert_null(http_new(loop, lookup, &(struct http_ways){.bundle = "/dev/null"}, &e));
	assert_string_equal(e.text, "--ca-bundle /dev/null: no PEM certificate in it");
}

static void too_large(const char *path, const char *words)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", path), 20000, 200000);

	assert_int_equal(g.status, 0);
	assert_string_equal(g.error, words);
	assert_false(g.certificate);
	assert_true(g.maybe_sent);
	http_free(h);
}

TEST(test_floods)
{
	too_large("endless", "localhost: the answer is too large");
	too_large("declared", "localhost: the answer is too large");
	too_large("flood", "localhost: the answer's header is too large");
	too_large("long", "localhost: the answer's header is too large");
	too_large("continue", "localhost: the answer's header is too large");
}

TEST(test_long_field)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", "long"), 20000, 0);

	assert_int_equal(g.status, 0);
	assert_true(*g.error);
	http_free(h);
}

TEST(test_stall)
{
	struct http *h = trusting();
	uint64_t before = loop_now(loop);
	struct got g = fetch(h, url_to("localhost", "stall"), 1000, 0);

	assert_int_equal(g.status, 0);
	assert_true(g.maybe_sent);
	assert_string_equal(g.error, "localhost: no answer within 1 s");
	assert_true(loop_now(loop) - before >= 1000);
	http_free(h);
}

TEST(test_drip)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", "drip"), 700, 0);

	assert_int_equal(g.status, 0);
	assert_true(g.maybe_sent);
	assert_string_equal(g.error, "localhost: the answer did not end in time");
	http_free(h);
}

TEST(test_redirect_is_only_told)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", "redirect"), 0, 0);

	assert_int_equal(g.status, 302);
	assert_string_equal(g.body, "");
	g = fetch(h, url_to("localhost", "html"), 0, 0);
	assert_int_equal(g.status, 503);
	assert_string_equal(g.type, "text/html");
	assert_string_equal(g.retry, "120");
	http_free(h);
}

TEST(test_refused_urls)
{
	static const char *const urls[] = {"http://localhost/",
	                                   "ftp://localhost/",
	                                   "file:///etc/passwd",
	                                   "https://user@localhost/",
	                                   "https://",
	                                   "https://local host/",
	                                   "https://localhost:0/",
	                                   "https://localhost:70000/",
	                                   ""};
	struct http *h = trusting();

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct got g = fetch(h, urls[i], 0, 0);

		assert_int_equal(g.status, 0);
		assert_false(g.maybe_sent);
		assert_non_null(strstr(g.error, "only plain https:// is"));
	}
	http_free(h);
}

TEST(test_broken)
{
	struct http *h = trusting();
	struct got g = fetch(h, url_to("localhost", "cut"), 0, 0);

	assert_int_equal(g.status, 0);
	assert_true(g.maybe_sent);
	assert_non_null(strstr(g.error, "localhost: connection broken: "));
	g = fetch(h, url_to("localhost", "close"), 0, 0);
	assert_int_equal(g.status, 0);
	assert_true(g.maybe_sent);
	http_free(h);
}

TEST(test_nobody_there)
{
	struct http *h = trusting();
	struct got g = fetch(h, "https://localhost:1/", 0, 0);

	assert_int_equal(g.status, 0);
	assert_false(g.maybe_sent);
	assert_string_equal(g.error, "cannot connect to localhost port 1: connection refused");
	http_free(h);
}

TEST(test_no_address)
{
	struct http *h = trusting();
	struct got g = fetch(h, "https://absent.example/", 0, 0);

	assert_int_equal(g.status, 0);
	assert_false(g.maybe_sent);
	assert_non_null(strstr(g.error, "cannot find the address of absent.example: no resolver "));
	http_free(h);
}

static struct http *freed_inside;

static void on_answer_free(void *arg, const struct http_answer *a)
{
	http_free(freed_inside);
	loop_stop(loop);
}

/* As the server sees it; and no other family is tried. */
TEST(test_source_address_and_family)
{
	struct err e;
	struct http *from =
	    http_new(loop, lookup, &(struct http_ways){.bundle = bundle, .source = "127.0.0.5"}, &e);
	struct http *foreign =
	    http_new(loop, lookup, &(struct http_ways){.bundle = bundle, .source = "192.0.2.7"}, &e);
	struct http *v4 = http_new(loop, lookup, &(struct http_ways){.bundle = bundle, .family = "ipv4"}, &e);
	struct http *v6 = http_new(loop, lookup, &(struct http_ways){.bundle = bundle, .family = "ipv6"}, &e);

	struct got g = fetch(from, url_to("localhost", "from"), 0, 0);
	assert_string_equal(g.body, "127.0.0.5");
	g = fetch(from, url_to("127.0.0.1", "from"), 0, 0);
	assert_string_equal(g.body, "127.0.0.5");
	g = fetch(v4, url_to("localhost", "from"), 0, 0);
	assert_string_equal(g.body, "127.0.0.1");
	g = fetch(v6, url_to("127.0.0.1", "from"), 0, 0);
	assert_int_equal(g.status, 0);
	assert_false(g.maybe_sent);
	assert_string_equal(g.error, "127.0.0.1 has no IPv6 address (address_family, source_address)");
	g = fetch(foreign, url_to("localhost", "from"), 0, 0);
	assert_int_equal(g.status, 0);
	assert_non_null(
	    strstr(g.error, "cannot connect from source_address, which must be an address of this host"));
	http_free(from);
	http_free(foreign);
	http_free(v4);
	http_free(v6);
}

TEST(test_source_address_and_family_are_checked)
{
	static const struct http_ways wrong[] = {
	    {.source = "127.0.0.5:80"}, {.source = "::1", .family = "ipv4"}, {.family = "ipv5"}};
	static const char *const words[] = {
	    "source_address: '127.0.0.5:80', expected an IP address, without port or brackets",
	    "source_address: ::1 is no IPv4 address, which address_family wants",
	    "address_family: 'ipv5', expected any, ipv4 or ipv6"};
	struct err e;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_null(http_new(loop, lookup, &wrong[i], &e));
		assert_string_equal(e.text, words[i]);
	}
}

TEST(test_free_inside)
{
	const struct http_request r = {.method = HTTP_GET, .url = url_to("localhost", "ok")};
	struct got g;

	freed_inside = trusting();
	http_send(freed_inside, &r, on_answer_free, NULL);
	start(freed_inside, &r, &g);
	start(freed_inside, &r, &g);
	loop_run(loop);
	open_calls = 0;
}

TEST(test_cancel)
{
	struct http *h = trusting();
	const struct http_request stall = {.method = HTTP_GET, .url = url_to("localhost", "stall")};
	struct got none, g;
	struct http_call *c = start(h, &stall, &none);

	open_calls = 0;
	g = fetch(h, "https://localhost:1/", 0, 0);
	http_cancel(c);
	g = fetch(h, url_to("localhost", "ok"), 0, 0);
	assert_int_equal(g.status, 200);
	assert_int_equal(none.calls, 0);
	http_free(h);
}

static int group_setup(void **state)
{
	struct strs resolvers = {0};

	if (!mkdtemp(folder))
		return -1;
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	peer_start(&peer, "https_peer.py", folder);
	snprintf(bundle, sizeof(bundle), "%s/ca.pem", folder);
	loop = loop_new();
	strs_add(&resolvers, "127.0.0.1:1");
	lookup = lookup_new(loop, &resolvers, NULL);
	strs_free(&resolvers);
	return lookup ? 0 : -1;
}

static int group_teardown(void **state)
{
	static const char *const files[] = {"ca.key",   "ca.pem",   "ca.srl", "leaf.key",
	                                    "leaf.csr", "leaf.pem", "ext"};
	char path[300];

	lookup_free(lookup);
	loop_free(loop);
	peer_stop(&peer);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		unlink(path);
	}
	return rmdir(folder);
}

int main(void)
{
	return unit_run(group_setup, group_teardown);
}
