#include "config.h"

/* The HTTP services, through a real provider host and a module that asks what the name says, against a
 * server that answers what the path says (http_peer.py). */
#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "peer.h"
#include "web_server.h"

#define V     "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
#define TOKEN "canary/Tok+en=8&x"

static char folder[64];
static int port, tls_port;
static struct web_server server;

static char *setup_of(const char *options)
{
	return xasprintf("{'account':'A','provider':'web','modules':'" MODULES "','options':{%s,"
	                 "'token':{'secret':'" TOKEN "','source':'env:T'}},'zones':[],'targets':[],"
	                 "'verbose':1}",
	                 options);
}

static void start(struct peer *p, const char *options)
{
	char *setup = setup_of(options), *hello;

	peer_start(p, setup, NULL);
	hello = peer_line(p);
	if (!strstr(hello, "\"abi\":"))
		fail_msg("hello: %s", hello);
	free(hello);
	free(setup);
}

static char *refusal(const char *options)
{
	char *setup = setup_of(options), *line;
	struct peer p;

	peer_start(&p, setup, NULL);
	line = peer_line(&p);
	assert_int_equal(WEXITSTATUS(peer_end(&p, NULL)), 2);
	free(setup);
	return line;
}

static void start_plain(struct peer *p)
{
	char *options = xasprintf("'url':{'value':'http://127.0.0.1:%d'}", port);

	start(p, options);
	free(options);
}

static void start_tls(struct peer *p)
{
	char *options = xasprintf("'url':{'value':'https://localhost:%d'},'ca_bundle':{'value':'%s/ca.pem'}",
	                          tls_port, folder);

	start(p, options);
	free(options);
}

static char *call(struct peer *p, const char *op, const char *what, unsigned ms)
{
	char *line = xasprintf("{'id':1,'op':'%s','ms':%u,'zone':'e.test','name':'_acme-challenge.%s.e.test',"
	                       "'value':'" V "','ttl':60}",
	                       op, ms, what);

	peer_send(p, line);
	free(line);
	return peer_line(p);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%.2000s' does not hold '%s'", text, part);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%.2000s' holds '%s'", text, part);
}

/* The answer of `op` holds rc and words. */
static void expect(struct peer *p, const char *op, const char *what, const char *rc, const char *words)
{
	char *got = call(p, op, what, 10000), *member = xasprintf("\"rc\":\"%s\"", rc);

	has(got, member);
	has(got, words);
	free(member);
	free(got);
}

static void ends_well(struct peer *p)
{
	char *errors;
	int status = peer_end(p, &errors);

	if (status)
		fail_msg("status 0x%x: %s", status, errors);
	has_not(errors, TOKEN);
	free(errors);
}

TEST(test_statuses)
{
	static const struct {
		int status;
		const char *rc;
	} table[] = {
	    {200, "ok"},      {201, "ok"},      {299, "ok"},       {300, "invalid"}, {400, "invalid"},
	    {401, "auth"},    {402, "auth"},    {403, "auth"},     {404, "nozone"},  {405, "invalid"},
	    {406, "invalid"}, {408, "temp"},    {409, "conflict"}, {410, "invalid"}, {412, "conflict"},
	    {415, "invalid"}, {418, "invalid"}, {422, "invalid"},  {423, "temp"},    {425, "temp"},
	    {429, "rate"},    {451, "invalid"}, {500, "temp"},     {501, "temp"},    {502, "temp"},
	    {503, "temp"},    {504, "temp"},    {520, "temp"},     {599, "temp"},    {600, "temp"},
	};
	struct peer p;

	start_plain(&p);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		bool ok = !strcmp(table[i].rc, "ok"), redirect = table[i].status == 300;
		char *what = xasprintf("status-%d", table[i].status);
		bool auth = !strcmp(table[i].rc, "auth");
		char *words = xasprintf(ok     ? "\"handle\":\"%d\""
		                        : auth ? "\"web refused the token from environment variable T for "
		                                 "e.test (127.0.0.1: HTTP %d: "
		                               : "\"web: e.test: 127.0.0.1: HTTP %d: ",
		                        table[i].status);

		expect(&p, "add", what, table[i].rc, words);
		free(words);
		words = xasprintf(ok         ? "\"%d 23 object -\""
		                  : redirect ? "\"%d 23 object -\""
		                             : "HTTP %d: said",
		                  table[i].status);
		expect(&p, "list", what, redirect ? "ok" : table[i].rc, words);
		free(words);
		free(what);
	}
	ends_well(&p);
}

TEST(test_retry_after)
{
	struct peer p;
	char *got;

	start_plain(&p);
	expect(&p, "add", "retry-seconds", "rate", "\"after\":17");
	expect(&p, "list", "retry-seconds", "rate", "\"after\":17");
	expect(&p, "add", "retry-date", "temp", "\"after\":90");
	expect(&p, "add", "retry-far", "rate", "\"after\":86400");
	got = call(&p, "add", "retry-past", 5000);
	has_not(got, "after\":");
	free(got);
	got = call(&p, "add", "retry-nonsense", 5000);
	has_not(got, "after\":");
	has(got, "\"rate\"");
	free(got);
	ends_well(&p);
}

TEST(test_words)
{
	static const char *const table[][2] = {
	    {"shape-cloudflare", "HTTP 400: Authentication error (Invalid access token)\""},
	    {"shape-message", "HTTP 400: You are not allowed\""},
	    {"shape-error", "HTTP 400: no such record\""},
	    {"shape-nested", "HTTP 400: nested words\""},
	    {"shape-oauth", "HTTP 400: The token expired (invalid_token)\""},
	    {"shape-problem", "HTTP 400: TTL is too low (Bad Request)\""},
	    {"shape-msg", "HTTP 400: wrong key\""},
	    {"shape-reason", "HTTP 400: because\""},
	    {"shape-fields", "HTTP 400: content: is too long (ttl: is no number)\""},
	    {"shape-strings", "HTTP 400: first (second)\""},
	    {"shape-code", "HTTP 400: code 1021\""},
	    {"shape-status", "HTTP 400: the words\""},
	    {"shape-none", "HTTP 400: {\\\"a\\\": 1}\""},
	    {"html", "HTTP 500: 502 Bad Gateway\""},
	    {"xml", "HTTP 500: Rate exceeded\""},
	    {"control", "HTTP 500: a?[31mred? ? words\""},
	    {"nul", "HTTP 500\""},
	    {"empty", "HTTP 500\""},
	    {"long", "HTTP 500: word word word"},
	    {"no-such", "HTTP 404: no path no-such (asked: http://127.0.0.1:"},
	};
	struct peer p;

	start_plain(&p);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *got = call(&p, "add", table[i][0], 5000);

		has(got, table[i][1]);
		assert_true(strlen(got) < 400);
		free(got);
	}
	ends_well(&p);
}

/* A wrong path is shown, but no secret that is in it. */
TEST(test_what_was_asked)
{
	char *options = xasprintf("'url':{'value':'http://127.0.0.1:%d'},"
	                          "'constant':{'value':'http://127.0.0.1:%d/canary%%2FTok%%2Ben%%3D8%%26x'}",
	                          port, port);
	char *asked = xasprintf("(asked: http://127.0.0.1:%d/***/no-such)", port), *got;
	struct peer p;

	start(&p, options);
	got = call(&p, "add", "no-such", 5000);
	has(got, asked);
	has_not(got, "key=");
	has_not(got, "canary");
	free(got);
	expect(&p, "list", "no-such", "nozone", asked);
	ends_well(&p);
	free(options);
	free(asked);
}

TEST(test_redirects)
{
	struct peer p;
	char *got;

	start_plain(&p);
	got = call(&p, "add", "redirect", 5000);
	has(got, "\"invalid\"");
	has(got,
	    "web: e.test: 127.0.0.1: HTTP 302: it redirects to elsewhere.example, which is not followed");
	has_not(got, "path");
	free(got);
	expect(&p, "add", "redirect-same", "invalid", "HTTP 301: it redirects within the same host");
	ends_well(&p);
}

TEST(test_clock)
{
	struct peer p;
	char *got;

	start_plain(&p);
	expect(&p, "add", "skew-behind", "auth", "clock is ");
	expect(&p, "add", "skew-behind", "auth", " s behind the server's");
	expect(&p, "add", "skew-ahead", "auth", " s ahead of the server's");
	got = call(&p, "add", "skew-none", 5000);
	has_not(got, "clock");
	free(got);
	ends_well(&p);
}

TEST(test_bodies)
{
	static const char *const table[][2] = {
	    {"object", "200 25 object Fake/1.0"}, {"duplicate", "200 13 object -"},
	    {"array", "200 3 array -"},           {"string", "200 6 string -"},
	    {"number", "200 2 integer -"},        {"half", "200 5 text -"},
	    {"no-content", "204 0 text -"},       {"interim", "200 2 object final"},
	    {"deep", "200 200000 text -"},        {"largest", "200 4194304 text -"},
	};
	struct peer p;

	start_plain(&p);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect(&p, "list", table[i][0], "ok", table[i][1]);
	expect(&p, "list", "too-large", "temp", "127.0.0.1: the answer is larger than 4 MiB");
	expect(&p, "list", "parts", "temp", "JSON has too many parts");
	expect(&p, "list", "object", "ok", "object");
	ends_well(&p);
}

TEST(test_broken_servers)
{
	static const char *const table[][2] = {
	    {"endless", "the answer is larger than 4 MiB"},
	    {"endless-header", "header is larger than 64 KiB"},
	    {"cut", "the connection broke"},
	    {"close", "the connection broke"},
	    {"garbage", "the connection broke"},
	};
	struct peer p;
	char *got;

	start_plain(&p);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		expect(&p, "add", table[i][0], "temp", table[i][1]);
	got = call(&p, "add", "stall", 300);
	has(got, "127.0.0.1: no answer in time");
	free(got);
	got = call(&p, "add", "drip", 300);
	has(got, "127.0.0.1: the answer did not end in time");
	free(got);
	got = call(&p, "add", "object", 0);
	has(got, "no time was left");
	free(got);
	expect(&p, "add", "object", "ok", "200");
	ends_well(&p);
}

TEST(test_masked)
{
	struct peer p;
	char *got, *errors;

	start_plain(&p);
	got = call(&p, "add", "leak", 5000);
	has(got, "token *** refused; key=***; /leak?key=***");
	free(got);
	got = call(&p, "add", "leak-late", 5000);
	has(got, "xxx***)");
	has_not(got, "canary");
	free(got);
	got = call(&p, "add", "leak-json", 5000);
	has_not(got, "canary");
	free(got);
	got = call(&p, "del", "leak-header", 5000);
	has(got, "Basic ***");
	free(got);
	got = call(&p, "check", "x", 5000);
	has(got, "\"msg\":\"web: e.test: *** *** 1 sha256:");
	free(got);
	assert_int_equal(peer_end(&p, &errors), 0);
	has(errors, "GET 127.0.0.1/leak?key=***: HTTP 403");
	has_not(errors, "canary");
	free(errors);
}

TEST(test_requests)
{
	struct peer p;

	start_plain(&p);
	expect(&p, "del", "echo-post", "invalid",
	       "POST application/json {\\\"content\\\":\\\"" V "\\\",\\\"ttl\\\":60}");
	expect(&p, "del", "chain", "invalid", "echo PUT dnsproof/" PACKAGE_VERSION " text/plain 10");
	ends_well(&p);
}

/* What the engine paces the account by: requests, not calls. */
TEST(test_requests_are_counted)
{
	struct peer p;
	char *got;

	start_plain(&p);
	expect(&p, "list", "page-1", "ok", "\"requests\":3");
	expect(&p, "list", "page-3", "ok", "\"requests\":1");
	expect(&p, "del", "chain", "invalid", "\"requests\":2");
	expect(&p, "add", "status-429", "rate", "\"requests\":1");
	expect(&p, "add", "cut", "temp", "\"requests\":1");
	got = call(&p, "add", "object", 0); /* no time was left */
	has(got, "\"requests\":0");
	free(got);
	ends_well(&p);
}

static char *server_of(struct peer *p)
{
	char *got = call(p, "list", "port", 5000), *at = strstr(got, "port-"), *copy;

	if (!at)
		fail_msg("%s", got);
	copy = xstrndup(at, strcspn(at, "\""));
	free(got);
	return copy;
}

TEST(test_connection_reused)
{
	char *first, *second;
	struct peer p;

	start_tls(&p);
	first = server_of(&p);
	second = server_of(&p);
	assert_string_equal(first, second);
	expect(&p, "add", "close", "temp", "localhost: the connection broke");
	expect(&p, "add", "object", "ok", "200");
	free(first);
	free(second);
	ends_well(&p);
}

static void refused(const char *options, const char *words)
{
	struct peer p;

	start(&p, options);
	expect(&p, "add", "object", "invalid", words);
	ends_well(&p);
}

TEST(test_plain_http)
{
	static const char *const hosts[] = {"8.8.8.8",       "api.example",       "172.32.0.1",
	                                    "192.169.0.1",   "11.0.0.1",          "169.254.1.1.example",
	                                    "[2001:db8::1]", "localhost.example", "127.0.0.1.example"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		char *options = xasprintf("'url':{'value':'http://%s/'}", hosts[i]);

		refused(options, ": http:// would show the credentials to the network; use https://");
		free(options);
	}
}

/* https where plain HTTP is spoken. */
TEST(test_no_tls)
{
	char *options = xasprintf("'url':{'value':'https://127.0.0.1:%d'}", port);
	char *words =
	    xasprintf("what answers at port %d speaks no TLS; is it a plain HTTP API? Then its URL is "
	              "http://127.0.0.1:%d",
	              port, port);
	struct peer p;

	start(&p, options);
	expect(&p, "add", "object", "temp", words);
	ends_well(&p);
	free(options);
	free(words);
}

TEST(test_plain_http_unnamed)
{
	char *options = xasprintf("'url':{'value':'https://127.0.0.1:%d'},"
	                          "'constant':{'value':'http://127.0.0.1:%d'}",
	                          port, port);

	refused(options, "127.0.0.1: http:// is only used where an option of yours names that host and port");
	free(options);
	options =
	    xasprintf("'url':{'value':'http://127.0.0.1:%d'},'constant':{'value':'http://127.0.0.1:%d'}",
	              port, port + 1);
	refused(options, "names that host and port");
	free(options);
	options =
	    xasprintf("'url':{'value':'http://127.0.0.1:%d/a'},'constant':{'value':'http://127.0.0.1:%d/b'}",
	              port, port);
	struct peer p;
	start(&p, options);
	expect(&p, "add", "object", "ok", "200");
	ends_well(&p);
	free(options);
}

TEST(test_bad_urls)
{
	static const char *const table[][2] = {
	    {"ftp://127.0.0.1/", "begins with neither https:// nor http://"},
	    {"file:///etc/passwd", "begins with neither"},
	    {"https://user:canary@127.0.0.1/", "holds a user or a password"},
	    {"https://127.0.0.1/#x", "holds a fragment"},
	    {"https://127.0.0.1/a b", "holds characters that must be encoded"},
	    {"https://127.0.0.1:99999/", "is not a URL"},
	    {"https://", "is not a URL"},
	    {"relative", "begins with neither"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *options =
		    xasprintf("'url':{'value':'https://127.0.0.1'},'constant':{'value':'%s'}", table[i][0]);

		refused(options, table[i][1]);
		free(options);
	}
}

TEST(test_trust)
{
	char *options = xasprintf("'url':{'value':'https://localhost:%d'}", tls_port), *got;
	struct peer p;

	start(&p, options);
	expect(&p, "add", "object", "temp", "localhost: certificate not trusted (unable to get local issuer");
	ends_well(&p);
	free(options);
	start_tls(&p);
	expect(&p, "add", "object", "ok", "200");
	ends_well(&p);
	got = refusal("'url':{'value':'https://x'},'ca_bundle':{'value':'/no/such'}");
	has(got, "option ca_bundle: /no/such: No such file");
	free(got);
	got = refusal("'url':{'value':'https://x'},'ca_bundle':{'value':'/dev/null'}");
	has(got, "no PEM certificate in it");
	free(got);
}

TEST(test_wrong_name)
{
	char *options = xasprintf("'url':{'value':'https://127.0.0.2:%d'},'ca_bundle':{'value':'%s/ca.pem'}",
	                          tls_port, folder);
	struct peer p;

	start(&p, options);
	expect(&p, "add", "object", "temp", "127.0.0.2: certificate not trusted (");
	ends_well(&p);
	free(options);
}

TEST(test_source_address)
{
	const char *to = "'url':{'value':'http://127.0.0.1:%d'},'source_address':{'value':'%s'}";
	char *options = xasprintf(to, port, "127.0.0.5"), *got;
	struct peer p;

	start(&p, options);
	expect(&p, "list", "from", "ok", "from-127.0.0.5");
	ends_well(&p);
	free(options);
	options = xasprintf(to, port, "192.0.2.7");
	start(&p, options);
	expect(&p, "add", "from", "temp",
	       "cannot connect from source_address, which must be an address of this");
	ends_well(&p);
	free(options);
	got = refusal(
	    "'url':{'value':'https://x'},'source_address':{'value':'::1'},'address_family':{'value':'ipv4'}");
	has(got, "source_address: ::1 is no IPv4 address, which address_family wants");
	free(got);
}

TEST(test_proxy)
{
	char *options = xasprintf(
	    "'url':{'value':'http://127.0.0.1:%d'},'proxy':{'value':'http://127.0.0.1:%d'}", port + 1, port);
	struct peer p;
	char *got;

	start(&p, options); /* the peer as a proxy: it answers by the path */
	expect(&p, "add", "object", "ok", "200");
	ends_well(&p);
	free(options);
	got = refusal("'url':{'value':'https://x'},'proxy':{'value':'http://u:canary@h:1'}");
	has(got, "option proxy: holds a password and must not be given literally");
	has_not(got, "canary");
	free(got);
	got = refusal("'url':{'value':'https://x'},'proxy':{'value':'socks5://h'}");
	has(got, "option proxy: is not of the form");
	free(got);
	got = refusal("'url':{'value':'https://x'},'ca_bundel':{'value':'x'}");
	has(got, "web has no such option");
	free(got);
}

TEST(test_nobody_there)
{
	struct peer p;

	start(&p, "'url':{'value':'https://127.0.0.1:1'}");
	expect(&p, "add", "object", "temp", "127.0.0.1: cannot connect to port 1: connection refused");
	ends_well(&p);
	start(&p, "'url':{'value':'https://no-such-host.invalid'}");
	expect(&p, "add", "object", "temp", "no-such-host.invalid: its address cannot be found");
	ends_well(&p);
}

static int start_server(void **state)
{
	snprintf(folder, sizeof(folder), "/tmp/dnsproof-http-XXXXXX");
	if (!mkdtemp(folder) || !web_server_start(&server, folder))
		return -1;
	port = server.port;
	tls_port = server.tls_port;
	return 0;
}

static int stop_server(void **state)
{
	char *command = xasprintf("rm -rf '%s'", folder);
	int bad;

	web_server_stop(&server);
	bad = system(command);
	free(command);
	return bad;
}

int main(void)
{
	return unit_run(start_server, stop_server);
}
