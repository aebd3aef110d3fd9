#include "unit.h"

#include <unistd.h>

#include "common/loop.h"
#include "common/mem.h"
#include "common/address.h"
#include "engine/dns/ask.h"
#include "engine/dns/lookup.h"
#include "engine/peer.h"

static struct peer peer;
static struct loop *loop;
static struct lookup *lookup;
static unsigned open_queries;

struct got {
	unsigned calls;
	struct strs texts;
	char error[256];
};

static void got_clear(struct got *g)
{
	strs_free(&g->texts);
}

static void end(struct got *g, const char *error)
{
	g->calls++;
	snprintf(g->error, sizeof(g->error), "%s", error ? error : "");
	if (--open_queries == 0)
		loop_stop(loop);
}

static void on_addresses(void *arg, const struct lookup_addresses *found, const char *error)
{
	struct got *g = arg;

	for (size_t i = 0; i < found->n; i++) {
		char text[ADDRESS_TEXT];

		assert_true(address_text(&found->at[i], text));
		strs_add(&g->texts, text);
	}
	strs_sort(&g->texts);
	end(g, error);
}

static void on_servers(void *arg, const struct strs *names, const char *error)
{
	struct got *g = arg;

	for (size_t i = 0; i < names->n; i++)
		strs_add(&g->texts, names->at[i]);
	strs_sort(&g->texts);
	end(g, error);
}

static void addresses(struct lookup *k, const char *host, const char *expected, const char *error)
{
	struct got g = {0};
	char *text;

	open_queries = 1;
	lookup_addresses(k, host, on_addresses, &g);
	assert_int_equal(g.calls, 0);
	loop_run(loop);
	assert_int_equal(g.calls, 1);
	text = strs_join(&g.texts, " ");
	assert_string_equal(text, expected);
	assert_string_equal(g.error, error);
	free(text);
	got_clear(&g);
}

/* The words depend on the version of c-ares. */
static void fails(struct lookup *k, const char *host)
{
	struct got g = {0};

	open_queries = 1;
	lookup_addresses(k, host, on_addresses, &g);
	loop_run(loop);
	assert_int_equal(g.calls, 1);
	assert_int_equal(g.texts.n, 0);
	assert_non_null(strstr(g.error, "resolver"));
}

TEST(test_literals)
{
	addresses(lookup, "192.0.2.7", "192.0.2.7", "");
	addresses(lookup, "2001:db8::7", "[2001:db8::7]", "");
	addresses(lookup, "", "", "an empty name");
}

TEST(test_localhost)
{
	addresses(lookup, "x.localhost", "127.0.0.1 [::1]", "");
}

TEST(test_families)
{
	addresses(lookup, "both.test", "192.0.2.1 192.0.2.2 [2001:db8::1]", "");
	addresses(lookup, "BOTH.test", "192.0.2.1 192.0.2.2 [2001:db8::1]", "");
	addresses(lookup, "four.test", "192.0.2.4", "");
}

TEST(test_one_family_silent)
{
	uint64_t before = loop_now(loop);

	addresses(lookup, "slow.test", "192.0.2.5", "");
	assert_true(loop_now(loop) - before < 9000);
}

TEST(test_aliases)
{
	addresses(lookup, "alias.test", "192.0.2.6", "");
	addresses(lookup, "round.test", "", "its CNAMEs go round");
}

TEST(test_errors)
{
	addresses(lookup, "absent.test", "", "no such name (NXDOMAIN)");
	fails(lookup, "refused.test");
	fails(lookup, "fail.test");
	fails(lookup, "silent.test");
}

TEST(test_garbage)
{
	fails(lookup, "garbage.test");
}

static void servers(const char *zone, const char *expected, const char *error)
{
	struct got g = {0};
	char *text;

	open_queries = 1;
	lookup_servers(lookup, zone, on_servers, &g);
	assert_int_equal(g.calls, 0);
	loop_run(loop);
	text = strs_join(&g.texts, " ");
	assert_string_equal(text, expected);
	assert_string_equal(g.error, error);
	free(text);
	got_clear(&g);
}

TEST(test_servers)
{
	servers("", "a.root.test b.root.test", "");
	servers("test", "ns.nic.test", "");
	servers("nowhere", "", "no such name (NXDOMAIN)");
}

TEST(test_many)
{
	enum { MANY = 700 };
	struct got *got = xcalloc(MANY, sizeof(*got));
	char name[40];

	open_queries = MANY;
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%d.load.test", i);
		lookup_addresses(lookup, name, on_addresses, &got[i]);
	}
	loop_run(loop);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(got[i].calls, 1);
		assert_int_equal(got[i].texts.n, 1);
		got_clear(&got[i]);
	}
	free(got);
}

TEST(test_cancel)
{
	struct got none = {0}, g = {0};
	struct lookup_query *q[3];

	open_queries = 1;
	q[0] = lookup_addresses(lookup, "silent.test", on_addresses, &none);
	q[1] = lookup_addresses(lookup, "both.test", on_addresses, &none);
	q[2] = lookup_addresses(lookup, "127.0.0.1", on_addresses, &none);
	lookup_addresses(lookup, "four.test", on_addresses, &g);
	for (size_t i = 0; i < 3; i++)
		lookup_cancel(q[i]);
	loop_run(loop);
	assert_int_equal(none.calls, 0);
	assert_int_equal(g.calls, 1);
	got_clear(&g);
}

static struct lookup *lookup_of(const char *resolver, struct err *e)
{
	struct strs list = {0};
	struct lookup *k;

	strs_add(&list, resolver);
	k = lookup_new(loop, &list, e);
	strs_free(&list);
	return k;
}

TEST(test_free_with_open_questions)
{
	char resolver[40];
	struct got none = {0};
	struct lookup *k;

	snprintf(resolver, sizeof(resolver), "127.0.0.1:%d", peer.port);
	k = lookup_of(resolver, NULL);
	assert_non_null(k);
	for (int i = 0; i < 300; i++)
		lookup_addresses(k, "silent.test", on_addresses, &none);
	lookup_free(k);
	assert_int_equal(none.calls, 0);
}

TEST(test_no_resolver)
{
	struct lookup *k = lookup_of("127.0.0.1:1", NULL);

	fails(k, "both.test");
	lookup_free(k);
}

TEST(test_resolver_texts)
{
	static const char *const bad[] = {
	    "",     "ns.test", "127.0.0.1:",  "127.0.0.1:0",   "127.0.0.1:99999",
	    "[::1", "[::1]x",  "[127.0.0.1]", "127.0.0.1:53x", "::1:x"};
	static const char *const good[] = {"127.0.0.1", "127.0.0.1:5353", "::1", "[::1]", "[::1]:5353"};
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(lookup_of(bad[i], &e));
		assert_non_null(strstr(e.text, "is not ADDR, ADDR:PORT or [ADDR6]:PORT"));
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct lookup *k = lookup_of(good[i], &e);

		assert_non_null(k);
		lookup_free(k);
	}
}

static int group_setup(void **state)
{
	char resolver[40];

	peer_start(&peer, "dns_peer.py", "x");
	loop = loop_new();
	snprintf(resolver, sizeof(resolver), "127.0.0.1:%d", peer.port);
	lookup = lookup_of(resolver, NULL);
	return lookup ? 0 : -1;
}

static int group_teardown(void **state)
{
	lookup_free(lookup);
	loop_free(loop);
	peer_stop(&peer);
	return 0;
}

TEST(test_resolvers)
{
	struct strs list = {0};
	struct sockaddr_storage *at;
	struct lookup *k;
	struct err e;
	char text[64];

	(void)state;
	strs_add(&list, "192.0.2.53:5353");
	strs_add(&list, "2001:db8::53");
	k = lookup_new(loop, &list, &e);
	assert_non_null(k);
	assert_int_equal(lookup_resolvers(k, &at), 2);
	assert_string_equal(ask_server_text(&at[0], text), "192.0.2.53#5353");
	assert_string_equal(ask_server_text(&at[1], text), "2001:db8::53");
	free(at);
	lookup_free(k);
	strs_free(&list);
}

int main(void)
{
	return unit_run(group_setup, group_teardown);
}
