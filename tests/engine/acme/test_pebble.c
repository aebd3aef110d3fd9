/* The session with a CA against a real one, signed by the real keeper: from the directory to the published
 * certificate. Pebble takes every challenge as answered and refuses half of the good nonces.
 * usage: test_pebble [names]    to measure with so many names */
#include "unit.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/loop.h"
#include "common/mem.h"
#include "engine/acme/acme.h"
#include "engine/net/http.h"
#include "engine/dns/lookup.h"
#include "engine/acme/resource.h"
#include "engine/peers/keeper.h"
#include "engine/peer.h"

static struct peer peer;
static char folder[] = "/tmp/test_pebble.XXXXXX";
static char directory[300], bundle[300];
static unsigned names_most = 3;
static pid_t keeper_pid;

static struct loop *loop;
static struct lookup *lookup;
static struct http *http;
static struct keeper *keeper;
static struct acme *acme;

static struct strs names;
static struct acme_order *order;
static char *order_url;

static void keeper_gone(void *arg, const char *why)
{
	fail_msg("the keeper ended: %s", why);
}

static json_t *names_json(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < names.n; i++)
		json_array_append_new(list, json_string(names.at[i]));
	return list;
}

static int keeper_start(void)
{
	int line[2], setup[2];
	json_t *all = names_json();
	char *list = json_dumps(all, 0);
	char *text = xasprintf("{\"state\":\"%s/state\",\"command\":\"issue\"}\n"
	                       "{\"account\":{\"name\":\"test\",\"directory\":\"%s\"}}\n"
	                       "{\"cert\":{\"id\":\"cert\",\"names\":%s,\"types\":[\"p256\"]}}\n",
	                       folder, directory, list);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, line), 0);
	assert_int_equal(pipe(setup), 0);
	keeper_pid = fork();
	if (keeper_pid == 0) {
		int engine = fcntl(line[1], F_DUPFD, 50), in = fcntl(setup[0], F_DUPFD, 50);

		dup2(engine, 3);
		dup2(in, 4);
		closefrom(5);
		execl("./dnsproof-keeper", "dnsproof-keeper", (char *)NULL);
		_exit(127);
	}
	assert_int_equal(write(setup[1], text, strlen(text)), (ssize_t)strlen(text));
	close(setup[0]);
	close(setup[1]);
	close(line[1]);
	fcntl(line[0], F_SETFD, FD_CLOEXEC);
	free(text);
	json_decref(all);
	free(list);
	return line[0];
}

/* One call at a time, waited for. */

struct got {
	json_t *json;
	char *location, *body;
	int status;
};

static unsigned left;

static void done(void)
{
	if (--left == 0)
		loop_stop(loop);
}

static void on_answer(void *arg, const struct acme_answer *a)
{
	struct got *g = arg;

	if (a->problem) {
		char *text = problem_text(a->problem);

		fail_msg("%s", text);
	}
	g->json = a->json ? json_incref(a->json) : NULL;
	g->location = xstrdup(a->location);
	g->body = xstrndup(a->body, a->body_len);
	g->status = a->status;
	done();
}

static void got_clear(struct got *g)
{
	json_decref(g->json);
	free(g->location);
	free(g->body);
	memset(g, 0, sizeof(*g));
}

static struct got post(const char *url, json_t *payload, bool jwk)
{
	struct got g = {0};

	left = 1;
	acme_send(
	    acme,
	    &(struct acme_request){.url = url, .payload = payload, .jwk = jwk, .again = ACME_LOOK_FIRST},
	    on_answer, &g);
	loop_run(loop);
	return g;
}

static void on_signed(void *arg, const json_t *answer, const char *error)
{
	json_t **copy = arg;

	if (error)
		fail_msg("keeper: %s", error);
	*copy = json_deep_copy(answer);
	done();
}

static json_t *ask_keeper(json_t *request)
{
	json_t *answer = NULL;

	left = 1;
	keeper_send(keeper, request, on_signed, &answer);
	loop_run(loop);
	return answer;
}

static void on_pause(void *arg)
{
	done();
}

static void pause_ms(unsigned ms)
{
	struct loop_timer *t = loop_timer_new(loop, on_pause, NULL);

	left = 1;
	loop_timer_set(t, ms);
	loop_run(loop);
	loop_timer_free(t);
}

static void step(const char *what)
{
	static uint64_t before;
	uint64_t now = loop_now(loop);

	printf("  %-14s %5u ms, step %u\n", what, before ? (unsigned)(now - before) : 0, acme_requests(acme));
	before = now;
}

static void account_get(void)
{
	struct got g;

	json_decref(ask_keeper(json_pack("{s:s, s:s}", "op", "account", "account", "test")));
	g = post(acme_directory(acme)->new_account, new_account_payload(NULL, true, NULL), true);
	assert_int_equal(g.status, 201);
	assert_non_null(g.location);
	acme_set_kid(acme, g.location);
	got_clear(&g);
	step("account");
}

static void order_take(const json_t *json)
{
	struct err e;

	acme_order_free(order);
	order = acme_order_parse(json, &e);
	if (!order)
		fail_msg("%s", e.text);
}

static void order_new(void)
{
	struct got g = post(acme_directory(acme)->new_order, order_payload(&names, NULL, NULL), false);

	assert_int_equal(g.status, 201);
	order_take(g.json);
	order_url = xstrdup(g.location);
	assert_int_equal(order->authorizations.n, names.n);
	got_clear(&g);
	step("order");
}

/* All at once: gives each authorization's state, and the challenge URLs. */
static size_t authorizations(struct strs *challenges)
{
	size_t n = order->authorizations.n, pending = 0;
	struct got *got = xcalloc(n, sizeof(*got));
	struct err e;

	left = (unsigned)n;
	for (size_t i = 0; i < n; i++)
		acme_read(acme, order->authorizations.at[i], "", on_answer, &got[i]);
	loop_run(loop);
	for (size_t i = 0; i < n; i++) {
		struct acme_authz *a = acme_authz_parse(got[i].json, &e);

		assert_non_null(a);
		assert_true(a->status == ACME_PENDING || a->status == ACME_VALID);
		if (a->status == ACME_PENDING) {
			pending++;
			assert_true(a->has_dns01);
			if (challenges)
				strs_add(challenges, a->dns01.url);
		}
		acme_authz_free(a);
		got_clear(&got[i]);
	}
	free(got);
	return pending;
}

static void validate(void)
{
	struct strs challenges = {0};
	struct got *got;

	authorizations(&challenges);
	step("authorizations");
	got = xcalloc(challenges.n + 1, sizeof(*got));
	left = (unsigned)challenges.n;
	for (size_t i = 0; i < challenges.n; i++)
		acme_send(acme,
		          &(struct acme_request){
		              .url = challenges.at[i], .payload = json_object(), .again = ACME_LOOK_FIRST},
		          on_answer, &got[i]);
	if (left > 0)
		loop_run(loop);
	for (size_t i = 0; i < challenges.n; i++)
		got_clear(&got[i]);
	free(got);
	strs_free(&challenges);
	step("challenges");
	while (authorizations(NULL) > 0)
		pause_ms(20);
	step("validated");
}

static void finalize(void)
{
	json_t *key = ask_keeper(
	    json_pack("{s:s, s:s, s:s, s:s}", "op", "key", "cert", "cert", "order", "o1", "type", "p256"));
	struct got g = post(order->finalize, json_pack("{s:O}", "csr", json_object_get(key, "csr")), false);

	json_decref(key);
	for (order_take(g.json); order->status != ACME_VALID; order_take(g.json)) {
		assert_int_equal(order->status, ACME_PROCESSING);
		got_clear(&g);
		pause_ms(20);
		g = post(order_url, NULL, false);
	}
	got_clear(&g);
	step("finalized");
}

static void publish(void)
{
	struct got g = post(order->certificate, NULL, false);
	json_t *published = ask_keeper(json_pack("{s:s, s:s, s:s, s:s, s:s}", "op", "publish", "cert", "cert",
	                                         "order", "o1", "type", "p256", "chain", g.body));

	assert_non_null(json_string_value(json_object_get(published, "serial")));
	json_decref(published);
	got_clear(&g);
	step("published");
}

TEST(test_issue)
{
	struct got g = {0};
	struct rusage use;

	left = 1;
	acme_open(acme, (unsigned)names.n, on_answer, &g);
	loop_run(loop);
	got_clear(&g);
	step("directory");
	account_get();
	order_new();
	validate();
	finalize();
	publish();
	getrusage(RUSAGE_SELF, &use);
	printf("  %zu names: %u steps, cpu %ld ms, peak %ld KiB\n", names.n, acme_requests(acme),
	       (long)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000 +
	           (use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1000,
	       use.ru_maxrss);
}

static int group_setup(void **state)
{
	struct strs none = {0};
	struct err e;
	char path[300];

	snprintf(path, sizeof(path), "%s/state", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	for (unsigned i = 1; i <= names_most; i++) {
		snprintf(path, sizeof(path), i == 2 ? "*.n1.test" : "n%u.test", i);
		strs_add(&names, path);
	}
	loop = loop_new();
	lookup = lookup_new(loop, &none, &e);
	http = http_new(loop, lookup, &(struct http_ways){.bundle = bundle}, &e);
	assert_non_null(http);
	keeper = keeper_new(loop, keeper_start(), keeper_gone, NULL);
	acme = acme_new(loop, http, keeper, directory, "test");
	return 0;
}

static int group_teardown(void **state)
{
	acme_free(acme);
	keeper_free(keeper);
	http_free(http);
	lookup_free(lookup);
	loop_free(loop);
	acme_order_free(order);
	free(order_url);
	strs_free(&names);
	waitpid(keeper_pid, NULL, 0);
	return 0;
}

int main(int argc, char **argv)
{
	int failed;

	if (!mkdtemp(folder))
		return 99;
	setenv("PEBBLE_VA_ALWAYS_VALID", "1", 0);
	setenv("PEBBLE_VA_NOSLEEP", "1", 0);
	setenv("PEBBLE_WFE_NONCEREJECT", "50", 0);
	setenv("PEBBLE_AUTHZREUSE", "0", 0);
	peer_start(&peer, "pebble_peer.py", folder);
	if (peer.port == 0) {
		fprintf(stderr,
		        "test_pebble: NOT RUN: pebble is missing; on Debian: apt-get install pebble\n");
		return 77;
	}
	if (argc > 1)
		names_most = (unsigned)atoi(argv[1]);
	snprintf(directory, sizeof(directory), "https://localhost:%d/dir", peer.port);
	snprintf(bundle, sizeof(bundle), "%s/ca.pem", folder);
	failed = unit_run(group_setup, group_teardown);
	peer_stop(&peer);
	return failed;
}
