/* The engine parses everything hostile; this one has been taken over. Whatever it asks for that a run may not
 * do is refused by those who hold the power, and nothing has happened: no signature, no key, no
 * octet of the state folder and of the records is another. */
#include "config.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "common/buf.h"
#include "common/io.h"
#include "common/wire.h"
#include "peer.h"

#define CA       "https://ca.test:14000"
#define KID      CA "/acct/1"
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static struct keeper {
	char *state, *thumbprint, *csr, *other_csr, *chain;
	pid_t pid;
	int fd;
	struct buf rest;
	struct ca *ca;
	json_int_t id;
} k;

static unsigned refused;

static int pipe_of(const char *text)
{
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(io_write(ends[1], text, strlen(text)));
	close(ends[1]);
	return ends[0];
}

static void keeper_start(const char *command)
{
	char *setup = xasprintf(
	    "{\"state\":\"%s\",\"command\":\"%s\"}\n"
	    "{\"account\":{\"name\":\"ca\",\"directory\":\"" CA "/dir\"}}\n"
	    "{\"account\":{\"name\":\"bound\",\"directory\":\"" CA
	    "/dir\",\"eab_kid\":\"kid-1\",\"eab_key\":\"c2VjcmV0\"}}\n"
	    "{\"cert\":{\"id\":\"web.test\",\"names\":[\"web.test\",\"*.web.test\"],\"types\":[\"p256\"]}}\n",
	    k.state, command);
	int document = pipe_of(setup), pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	k.pid = fork();
	if (k.pid == 0) {
		int a = fcntl(pair[1], F_DUPFD_CLOEXEC, 20), b = fcntl(document, F_DUPFD_CLOEXEC, 20);

		dup2(a, 3);
		dup2(b, 4);
		execl("./dnsproof-keeper", "dnsproof-keeper", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	close(document);
	free(setup);
	k.fd = pair[0];
	buf_init(&k.rest, 0);
}

static int keeper_stop(void)
{
	int status;

	close(k.fd);
	assert_int_equal(waitpid(k.pid, &status, 0), k.pid);
	buf_free(&k.rest);
	return status;
}

/* Takes the request. */
static json_t *ask(json_t *request)
{
	json_t *line = NULL;
	const char *why = "";

	json_object_set_new(request, "id", json_integer(++k.id));
	assert_true(wire_write(k.fd, request));
	if (wire_read(k.fd, &k.rest, &line, &why) != 1)
		fail_msg("the keeper is gone: %s", why);
	assert_int_equal(json_integer_value(json_object_get(line, "id")), k.id);
	return line;
}

static char *member(json_t *answer, const char *name)
{
	const char *value = json_string_value(json_object_get(answer, name));

	if (!value)
		fail_msg("no \"%s\" in %s", name, json_dumps(answer, 0));
	char *copy = xstrdup(value);
	json_decref(answer);
	return copy;
}

static struct buf listing;

static int list_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	buf_printf(&listing, "%s %o %lld %lld.%09ld %llu\n", path, st->st_mode, (long long)st->st_size,
	           (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (unsigned long long)st->st_ino);
	return 0;
}

static char *snapshot(void)
{
	buf_init(&listing, 0);
	nftw(k.state, list_one, 16, FTW_PHYS);
	return buf_take(&listing);
}

/* Takes the request, which must be refused without a trace. */
static void refuse(json_t *request)
{
	char *before = snapshot(), *what = json_dumps(request, JSON_COMPACT), *after;
	json_t *answer = ask(request);

	after = snapshot();
	if (!json_string_value(json_object_get(answer, "error")))
		fail_msg("%.2000s was answered with %.300s", what, json_dumps(answer, 0));
	json_object_del(answer, "error");
	json_object_del(answer, "id");
	json_object_del(answer, "wrong");
	json_object_del(answer, "type"); /* that is wrong */
	if (json_object_size(answer))
		fail_msg("%.2000s got %.300s", what, json_dumps(answer, 0));
	if (strcmp(before, after) != 0)
		fail_msg("%.2000s changed the state folder:\n%s---\n%s", what, before, after);
	refused++;
	json_decref(answer);
	free(what);
	free(before);
	free(after);
}

static json_t *sign(const char *url, const char *kid, const char *payload)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s?}", "op", "sign", "account", "ca", "url", url,
	                 "nonce", "abc", "payload", payload, "kid", kid);
}

static json_t *about(const char *op, const char *cert, const char *order, const char *type)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", op, "account", "ca", "cert", cert, "order", order,
	                 "type", type);
}

static json_t *publish(const char *order, const char *chain)
{
	json_t *request = about("publish", "web.test", order, "p256");

	json_object_set_new(request, "chain", json_string(chain));
	return request;
}

static json_t *published(void)
{
	char *csr = member(ask(about("key", "web.test", "o1", "p256")), "csr");
	char *chain = ca_chain_for_csr(k.ca, csr);
	json_t *answer = ask(publish("o1", chain));

	k.csr = csr;
	k.chain = chain;
	return answer;
}

static int set_up(void **state)
{
	k.state = temp_make();
	k.ca = ca_new();
	keeper_start("issue");
	k.thumbprint = member(ask(json_pack("{s:s, s:s}", "op", "account", "account", "ca")), "thumbprint");
	free(member(ask(json_pack("{s:s, s:s}", "op", "account", "account", "bound")), "thumbprint"));
	free(member(published(), "generation"));
	k.other_csr = member(ask(about("key", "web.test", "o2", "p256")), "csr");
	return 0;
}

/* It is still there, with the same key, and serves what a run may do. */
static int tear_down(void **state)
{
	char *thumbprint =
	    member(ask(json_pack("{s:s, s:s}", "op", "account", "account", "ca")), "thumbprint");
	json_t *answer = ask(sign(CA "/order/1", KID, ""));

	assert_string_equal(thumbprint, k.thumbprint);
	assert_non_null(json_object_get(answer, "jws"));
	json_decref(answer);
	assert_int_equal(keeper_stop(), 0);
	temp_drop(k.state);
	ca_free(k.ca);
	free(thumbprint);
	free(k.thumbprint);
	free(k.csr);
	free(k.other_csr);
	free(k.chain);
	return 0;
}

static const char *const foreign_urls[] = {
    "https://evil.test/",
    "https://ca.test/",
    "https://ca.test:14001/x",
    "https://ca.test.evil.test:14000/x",
    "https://evil.test/ca.test:14000/x",
    "https://ca.test:14000@evil.test/x",
    "https://user@ca.test:14000/x",
    "https://evil.test#@ca.test:14000/x",
    "https://evil.test\\@ca.test:14000/x",
    "https://evil.test?@ca.test:14000/x",
    "https://ca.test:14000:443/x",
    "https://ca.test:014000/x",
    "https://ca.test:14000 /x",
    "https://ca.test.:14000/x",
    "https://[ca.test]:14000/x",
    "https://ca.test%2e:14000/x",
    "http://ca.test:14000/x",
    "ftp://ca.test:14000/x",
    "//ca.test:14000/x",
    "/x",
    "",
    "javascript:alert(1)",
    CA "/x\r\nHost: evil.test",
    CA "/x y",
    CA "/\xc3\xa9",
    CA "//x",
    CA "/a//b",
    CA "/a/../b",
    CA "/a/./b",
    CA "/..",
    CA "/a;b",
    CA "/a%2fb",
    CA "/a#b",
    CA "/\"b\"",
};

TEST_WITH(test_foreign_urls, set_up, tear_down)
{
	char *length = xcalloc(1, 3001);

	for (size_t i = 0; i < COUNT(foreign_urls); i++) {
		refuse(sign(foreign_urls[i], KID, ""));
		refuse(sign(KID, foreign_urls[i], ""));
		refuse(sign(foreign_urls[i], NULL, "{\"termsOfServiceAgreed\":true}"));
	}
	memset(length, 'a', 3000);
	memcpy(length, CA "/", strlen(CA "/"));
	refuse(sign(length, KID, ""));
	free(length);
}

TEST_WITH(test_account_is_not_deactivated, set_up, tear_down)
{
	static const char *const urls[] = {
	    KID,           KID "/",       KID "//",       KID "?x",       KID "?",
	    KID ";x=1",    KID "#x",      KID "/.",       KID "/x/..",    KID "/orders",
	    CA "//acct/1", CA "/acct//1", CA "/./acct/1", CA "/acct/%31", CA "/ACCT/1",
	    CA "/acct/2",  CA "/acct/",   CA "/acct",     CA "/",         CA,
	    CA "?/acct/1"};
	static const char *const kids[] = {KID ";x=1", KID "/", KID "?x",      KID "/x",      CA "/acct/2",
	                                   CA "/acct", CA "/",  CA "//acct/1", CA "/acct/%31"};
	static const char *const payloads[] = {"{\"status\":\"deactivated\",\"contact\":[]}",
	                                       "{\"status\":\"revoked\"}",
	                                       "{\"status\":\"valid\"}",
	                                       "{\"status\":null}",
	                                       "{\"status\":[\"deactivated\"]}",
	                                       "{\"status\":\"deactivated\",\"status\":\"x\"}",
	                                       "{\"Status\":\"deactivated\"}",
	                                       "{\"contact\":[]}",
	                                       "{\"contact\":[\"mailto:evil@evil.test\"]}",
	                                       "{\"termsOfServiceAgreed\":true}"};

	for (size_t i = 0; i < COUNT(urls); i++)
		refuse(sign(urls[i], KID, "{\"status\":\"deactivated\"}"));
	for (size_t i = 0; i < COUNT(kids); i++)
		refuse(sign(KID, kids[i], "{\"status\":\"deactivated\"}"));
	for (size_t i = 0; i < COUNT(payloads); i++)
		refuse(sign(CA "/authz/1", KID, payloads[i]));
	refuse(sign(KID, NULL, "{\"status\":\"deactivated\"}"));
}

#define ID(n) "{\"type\":\"dns\",\"value\":\"" n "\"}"

TEST_WITH(test_other_payloads, set_up, tear_down)
{
	static const char *const with_kid[] = {
	    "{\"identifiers\":[" ID("bank.test") "]}",
	    "{\"identifiers\":[" ID("web.test") "," ID("bank.test") "]}",
	    "{\"identifiers\":[" ID("a.web.test") "]}",
	    "{\"identifiers\":[" ID("web.test.") "]}",
	    "{\"identifiers\":[" ID("*.*.web.test") "]}",
	    "{\"identifiers\":[" ID("web.test\\u0000.bank.test") "]}",
	    "{\"identifiers\":[{\"type\":\"ip\",\"value\":\"192.0.2.1\"}]}",
	    "{\"identifiers\":[{\"type\":\"dns\",\"value\":\"web.test\",\"ancestorDomain\":\"test\"}]}",
	    "{\"identifiers\":[" ID("web.test") "],\"notAfter\":\"2099-01-01T00:00:00Z\"}",
	    "{\"identifiers\":[" ID("web.test") "],\"auto-renewal\":{}}",
	    "{\"identifiers\":[" ID("web.test") "],\"csr\":\"AAAA\"}",
	    "{\"identifiers\":[]}",
	    "{\"identifiers\":\"web.test\"}",
	    "{\"csr\":\"AAAA\"}",
	    "{\"csr\":\"\"}",
	    "{\"csr\":null}",
	    "{\"certificate\":\"AAAA\"}",
	    "{\"certificate\":\"AAAA\",\"reason\":1}",
	    "{\"account\":\"" KID "\",\"oldKey\":{}}",
	    "{\"protected\":\"e30\",\"payload\":\"e30\",\"signature\":\"AA\"}",
	    "{\"externalAccountBinding\":{\"signature\":\"AA\"}}",
	    "{\"onlyReturnExisting\":true}",
	    "{\"resource\":\"new-authz\"}",
	    "[]",
	    "\"x\"",
	    "null",
	    "{",
	    "{}{}",
	    "{\"a\":1}",
	    " ",
	};
	static const char *const with_jwk[] = {
	    "",
	    "{\"certificate\":\"AAAA\"}",
	    "{\"csr\":\"AAAA\"}",
	    "{\"identifiers\":[" ID("web.test") "]}",
	    "{\"status\":\"deactivated\"}",
	    "{\"contact\":[\"tel:1\"]}",
	    "{\"contact\":[\"https://evil.test\"]}",
	    "{\"contact\":{}}",
	    "{\"termsOfServiceAgreed\":1}",
	    "{\"externalAccountBinding\":{}}",
	    "{\"externalAccountBinding\":{\"protected\":\"e30\",\"payload\":\"e30\",\"signature\":\"AAAA\"}}",
	    "{\"account\":\"" KID "\",\"oldKey\":{}}",
	};
	char *csr = xasprintf("{\"csr\":\"%s\"}", k.csr);

	for (size_t i = 0; i < COUNT(with_kid); i++)
		refuse(sign(CA "/x", KID, with_kid[i]));
	for (size_t i = 0; i < COUNT(with_jwk); i++)
		refuse(sign(CA "/x", NULL, with_jwk[i]));
	refuse(sign(CA "/x", KID, csr)); /* of an order that is over */
	free(csr);
}

TEST_WITH(test_odd_members, set_up, tear_down)
{
	static const char *const nonces[] = {"", "a b", "a+b", "a=", "\"", "a\n"};
	static const char *const tokens[] = {"", "short", "../../../../etc/passwd0000",
	                                     "AAAAAAAAAAAAAAAAAAAAAAAA.A", "AAAAAAAAAAAAAAAAAAAAAAAA\n"};
	json_t *request;

	for (size_t i = 0; i < COUNT(nonces); i++) {
		request = sign(CA "/x", KID, "");
		json_object_set_new(request, "nonce", json_string(nonces[i]));
		refuse(request);
	}
	for (size_t i = 0; i < COUNT(tokens); i++)
		refuse(json_pack("{s:s, s:s, s:s}", "op", "challenge", "account", "ca", "token", tokens[i]));
	static const char *const members[] = {"account", "url", "nonce", "payload"};
	for (size_t i = 0; i < COUNT(members); i++) {
		request = sign(CA "/x", KID, "");
		json_object_del(request, members[i]);
		refuse(request);
		request = sign(CA "/x", KID, "");
		json_object_set_new(request, members[i], json_integer(7));
		refuse(request);
	}
	request = sign(CA "/x", KID, "");
	json_object_set_new(request, "kid", json_true());
	refuse(request);
	static const char *const accounts[] = {"", "other", "../ca", "ca.pem", "ca/../ca", "CA"};
	for (size_t i = 0; i < COUNT(accounts); i++)
		refuse(json_pack("{s:s, s:s}", "op", "account", "account", accounts[i]));
	static const char *const ops[] = {"", "format", "SIGN", "revoke", "export", "setup", "sign "};
	for (size_t i = 0; i < COUNT(ops); i++)
		refuse(json_pack("{s:s, s:s}", "op", ops[i], "account", "ca"));
	refuse(json_object());
	refuse(json_pack("{s:i}", "op", 1));
	refuse(json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "ca", "url", CA "/new-account"));
	refuse(json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "bound", "url", "https://evil.test/x"));
	refuse(json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "bound", "url", CA "/a/../b"));
}

TEST_WITH(test_store, set_up, tear_down)
{
	static const char *const certs[] = {"bank.test", "../keys",       "",         ".",      "..",
	                                    "web.test/", "web.test/live", "WEB.TEST", ".new-o1"};
	static const char *const orders[] = {
	    "",     "../o1", "o1/..",
	    ".",    "O1",    "o 1",
	    "o1\n", "o_1",   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	static const char *const types[] = {"", "rsa2048", "rsa4096", "p384", "dsa", "P256", "../p256"};

	for (size_t i = 0; i < COUNT(certs); i++) {
		json_t *request = publish("o2", k.chain);

		json_object_set_new(request, "cert", json_string(certs[i]));
		refuse(request);
		refuse(about("key", certs[i], "o3", "p256"));
		refuse(about("tryout", certs[i], "o3", "p256"));
	}
	for (size_t i = 0; i < COUNT(orders); i++) {
		refuse(about("key", "web.test", orders[i], "p256"));
		refuse(about("discard", "web.test", orders[i], "p256"));
		refuse(publish(orders[i], k.chain));
	}
	for (size_t i = 0; i < COUNT(types); i++)
		refuse(about("key", "web.test", "o3", types[i]));
	refuse(json_pack("{s:s, s:s}", "op", "current", "cert", "../keys"));
	refuse(json_pack("{s:s, s:s, s:s}", "op", "discard", "cert", "../keys", "order", "o1"));
}

TEST_WITH(test_wrong_pairs, set_up, tear_down)
{
	static const char *const bank[] = {"web.test", "*.web.test", "bank.test", NULL};
	static const char *const apex[] = {"web.test", NULL};
	char *more = ca_chain_for_csr_names(k.ca, k.other_csr, bank);
	char *less = ca_chain_for_csr_names(k.ca, k.other_csr, apex),
	     *whole = ca_chain_for_csr(k.ca, k.other_csr);
	char *large = xcalloc(1, 300001),
	     *many = xasprintf("%s%s%s%s%s%s", whole, whole, whole, whole, whole, whole);
	char *key = xasprintf("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n%s", whole);
	char *cut = xstrndup(whole, strlen(whole) / 4);

	memset(large, 'x', 300000);
	refuse(publish("o2", k.chain)); /* another order's */
	refuse(publish("o1", whole));
	refuse(publish("o9", whole)); /* no key */
	refuse(publish("o2", more));
	refuse(publish("o2", less));
	refuse(publish("o2", large));
	refuse(publish("o2", many));
	refuse(publish("o2", key));
	refuse(publish("o2", cut));
	refuse(publish("o2", ""));
	refuse(publish("o2", "{\"a\":1}"));
	refuse(about("publish", "web.test", "o2", "p256"));
	free(more);
	free(less);
	free(whole);
	free(large);
	free(many);
	free(key);
	free(cut);
}

/* What is no request ends the line, and with it this keeper, but nothing else. */
TEST_WITH(test_no_requests, set_up, tear_down)
{
	static const char *const lines[] = {"x\n",       "[]\n",
	                                    "{}\n",      "{\"id\":\"1\",\"op\":\"account\"}\n",
	                                    "\n\n7\n",   "{\"id\":1,\"op\":\"account\",\"id\":2}\n",
	                                    "\xff\xfe\n"};
	char *before, *after;
	json_t *line;
	const char *why;

	for (size_t i = 0; i < COUNT(lines); i++) {
		before = snapshot();
		assert_true(io_write(k.fd, lines[i], strlen(lines[i])));
		assert_true(wire_read(k.fd, &k.rest, &line, &why) <= 0);
		assert_int_equal(keeper_stop(), 0);
		after = snapshot();
		assert_string_equal(before, after);
		refused++;
		free(before);
		free(after);
		keeper_start("issue");
	}
}

TEST_WITH(test_cleaning, set_up, tear_down)
{
	char *csr = xasprintf("{\"csr\":\"%s\"}", k.other_csr);

	keeper_stop();
	keeper_start("clean");
	refuse(sign(CA "/x", KID, "{\"identifiers\":[" ID("web.test") "]}"));
	refuse(sign(CA "/x", KID, csr));
	refuse(about("key", "web.test", "o3", "p256"));
	refuse(json_pack("{s:s, s:s, s:s}", "op", "eab", "account", "bound", "url", CA "/x"));
	free(csr);
}

#define V "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"

/* The provider host: what may be written stands in its setup document alone. */
TEST_WITH(test_provider_host, set_up, tear_down)
{
	static const struct {
		const char *zone, *name, *value;
	} all[] = {
	    {"e.test", "e.test", V},
	    {"e.test", "www.e.test", V},
	    {"e.test", "x_acme-challenge.e.test", V},
	    {"e.test", "_acme-challenge", V},
	    {"e.test", "_acme-challenge.e.test.", V},
	    {"e.test", "_acme-challenge.bank.test", V},
	    {"e.test", "_acme-challenge.xe.test", V},
	    {"e.test", "_acme-challenge..e.test", V},
	    {"e.test", "_acme-challenge.*.e.test", V},
	    {"e.test", "_acme-challenge.e.test/../x", V},
	    {"e.test", "_acme-challenge. e.test", V},
	    {"bank.test", "_acme-challenge.bank.test", V},
	    {"test", "_acme-challenge.e.test", V},
	    {".", "_acme-challenge.e.test", V},
	    {"", "_acme-challenge.e.test", V},
	    {"e.test", "", V},
	    {"e.test", "_acme-challenge.e.test", ""},
	    {"e.test", "_acme-challenge.e.test", "v=spf1 include:evil.test -all"},
	    {"e.test", "_acme-challenge.e.test", V "A"},
	    {"e.test", "_acme-challenge.e.test", "abc"},
	    {"e.test", "_acme-challenge.e.test", "=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"},
	    {"e.test", "_acme-challenge.e.test", "+abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"},
	};
	static const char *const ops[] = {"add", "del"};
	char *records = xasprintf("%s/records", k.state), *setup, *line;
	struct stat st;
	struct peer p;

	setup = xasprintf("{'account':'A','provider':'memory','modules':'" MODULES
	                  "','options':{'file':{'value':'%s'}},"
	                  "'zones':['e.test'],'targets':[],'verbose':0}",
	                  records);
	peer_start(&p, setup, NULL);
	free(peer_line(&p));
	for (size_t i = 0; i < COUNT(all) * COUNT(ops); i++) {
		json_t *request = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:i}", "id", (int)i, "op",
		                            ops[i % 2], "ms", 5000, "zone", all[i / 2].zone, "name",
		                            all[i / 2].name, "value", all[i / 2].value, "ttl", 60);
		json_t *answer;

		assert_true(wire_write(p.fd, request));
		line = peer_line(&p);
		answer = json_loads(line, 0, NULL);
		const char *rc = json_string_value(json_object_get(answer, "rc"));

		if (!rc || (strcmp(rc, "refused") != 0 && strcmp(rc, "invalid") != 0))
			fail_msg("%s of '%s' in '%s' at '%s': %s", ops[i % 2], all[i / 2].value,
			         all[i / 2].zone, all[i / 2].name, line);
		assert_int_not_equal(stat(records, &st), 0); /* nothing was ever written */
		refused++;
		json_decref(answer);
		free(line);
	}
	assert_int_equal(peer_end(&p, NULL), 0);
	free(setup);
	free(records);
}

TEST(test_enough)
{
	print_message("%u requests refused\n", refused);
	assert_true(refused >= 100);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	return unit_run(NULL, NULL);
}
