#include "config.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ca.h"
#include "check.h"
#include "keeper/dual.h"
#include "keeper/key.h"
#include "keeper/live.h"
#include "keeper/publish.h"
#include "keeper/revocation.h"
#include "keeper/stage.h"
#include "keeper/store.h"
#include "wrap.h"

#define NOW 1800000000

/* web.test with a P-256 pair at the top and an RSA pair below. */
struct shelf {
	char *state;
	struct ca *ca;
	struct strs names;
	struct folder cert;
	struct publish p; /* the last */
};

static int set_up(void **state)
{
	struct shelf *s = xcalloc(1, sizeof(*s));
	struct err e;

	s->state = temp_make();
	s->ca = ca_new();
	strs_add(&s->names, "web.test");
	assert_true(store_cert(s->state, "web.test", &s->cert, &e));
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct shelf *s = *state;

	publish_clear(&s->p);
	folder_close(&s->cert);
	strs_free(&s->names);
	ca_free(s->ca);
	temp_drop(s->state);
	free(s);
	return 0;
}

/* They take long to make: an order with an odd number has another than one with an even number. */
static EVP_PKEY *keys[2][2];

static EVP_PKEY *key_of(const char *type, const char *order)
{
	EVP_PKEY **key = &keys[strcmp(type, "p256") == 0][(order[1] - '0') % 2];
	struct err e;

	if (!*key)
		*key = key_make(type, &e);
	assert_non_null(*key);
	return *key;
}

/* The key of an order in its stage, and a chain for it. */
static char *prepare_until(struct shelf *s, const char *order, const char *type, const char *name, int64_t to)
{
	const char *const names[] = {name, NULL};
	struct err e;
	EVP_PKEY *key = key_of(type, order);
	char *csr = NULL;
	char *chain =
	    ca_chain(s->ca, &(struct ca_wish){.names = names, .key = key, .from = NOW - 86400, .to = to});

	assert_true(stage_save(&s->cert, order, key, &(struct csr_names){.all = &s->names}, &csr, &e));
	free(csr);
	return chain;
}

static char *prepare(struct shelf *s, const char *order, const char *type)
{
	return prepare_until(s, order, type, "web.test", NOW + 9000);
}

static bool run(struct shelf *s, struct publish p, struct err *e)
{
	publish_clear(&s->p);
	p.cert = &s->cert;
	p.names = &s->names;
	p.state = s->state;
	p.now = p.now ? p.now : NOW;
	s->p = p;
	return publish_run(&s->p, e);
}

static bool run_both(struct shelf *s, const char *ec, const char *ec_chain, const char *rsa,
                     const char *rsa_chain, struct err *e)
{
	return run(s,
	           (struct publish){.order = ec,
	                            .type = "p256",
	                            .chain = ec_chain,
	                            .other = {.type = "rsa2048", .order = rsa, .chain = rsa_chain}},
	           e);
}

static void publish_both(struct shelf *s, const char *ec, const char *rsa)
{
	char *first = prepare(s, ec, "p256"), *second = prepare(s, rsa, "rsa2048");
	struct err e;

	assert_ok(run_both(s, ec, first, rsa, second, &e), &e);
	free_all(first, second);
}

/* "p256 ORDER, rsa2048 ORDER" of what is live; new. */
static char *live(const struct shelf *s)
{
	json_t *facts = live_facts(&s->cert, NULL), *second = json_object_get(facts, "second");
	const char *generation = json_string_value(json_object_get(facts, "generation"));
	char *text = generation ? xasprintf("%s %s%s%s", json_string_value(json_object_get(facts, "type")),
	                                    strrchr(generation, '-') + 1, second ? ", " : "",
	                                    second ? json_string_value(json_object_get(second, "type")) : "")
	                        : xstrdup("nothing");

	json_decref(facts);
	return text;
}

static void assert_is_live(const struct shelf *s, const char *expected)
{
	char *text = live(s);

	assert_string_equal(text, expected);
	free(text);
}

static json_t *serial_of(const struct shelf *s, bool second)
{
	json_t *facts = live_facts(&s->cert, NULL);
	json_t *serial =
	    json_incref(json_object_get(second ? json_object_get(facts, "second") : facts, "serial"));

	json_decref(facts);
	return serial;
}

static bool has(const struct shelf *s, const char *path)
{
	char *whole = xasprintf("%s/certs/web.test/%s", s->state, path);
	bool there = access(whole, F_OK) == 0;

	free(whole);
	return there;
}

TEST_WITH(test_two_new_pairs_in_one_generation, set_up, tear_down)
{
	struct shelf *s = *state;

	publish_both(s, "e1", "r1");
	assert_is_live(s, "p256 e1, rsa2048");
	assert_true(has(s, "live/rsa/privkey.pem") && has(s, "live/rsa/fullchain.pem") &&
	            has(s, "live/rsa/combined.pem") && has(s, "live/privkey.pem"));
	assert_false(has(s, ".new-e1") || has(s, ".new-r1") || has(s, "live/ecdsa"));
}

TEST_WITH(test_the_first_type_is_at_the_top, set_up, tear_down)
{
	struct shelf *s = *state;
	char *rsa = prepare(s, "r1", "rsa2048"), *ec = prepare(s, "e1", "p256");
	struct err e;

	assert_ok(run(s,
	              (struct publish){.order = "r1",
	                               .type = "rsa2048",
	                               .chain = rsa,
	                               .other = {.type = "p256", .order = "e1", .chain = ec}},
	              &e),
	          &e);
	assert_is_live(s, "rsa2048 r1, p256");
	assert_true(has(s, "live/ecdsa/privkey.pem"));
	free_all(rsa, ec);
}

TEST_WITH(test_the_old_second_stays_beside_a_new_first, set_up, tear_down)
{
	struct shelf *s = *state;
	json_t *before, *after;
	struct err e;
	char *chain;

	publish_both(s, "e1", "r1");
	before = serial_of(s, true);
	chain = prepare(s, "e2", "p256");
	assert_ok(run_both(s, "e2", chain, NULL, NULL, &e), &e);
	assert_is_live(s, "p256 e2, rsa2048");
	after = serial_of(s, true);
	assert_true(json_equal(before, after));
	assert_string_equal(s->p.other.leaf.serial, json_string_value(before));
	json_decref(before);
	json_decref(after);
	free(chain);
}

TEST_WITH(test_the_first_stays_beside_a_new_second, set_up, tear_down)
{
	struct shelf *s = *state;
	json_t *before, *after;
	struct err e;
	char *chain;

	publish_both(s, "e1", "r1");
	before = serial_of(s, false);
	chain = prepare(s, "r2", "rsa2048");
	assert_ok(run(s,
	              (struct publish){.order = "r2",
	                               .type = "rsa2048",
	                               .chain = chain,
	                               .other = {.type = "p256", .first = true}},
	              &e),
	          &e);
	assert_is_live(s, "p256 r2, rsa2048");
	after = serial_of(s, false);
	assert_true(json_equal(before, after));
	json_decref(before);
	json_decref(after);
	free(chain);
}

/* One that has expired, or lacks a name, serves nobody. */
TEST_WITH(test_an_old_second_that_is_no_good_goes, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e;
	char *chain;

	publish_both(s, "e1", "r1");
	chain = prepare_until(s, "e2", "p256", "web.test", NOW + 90000);
	assert_ok(run(s,
	              (struct publish){.order = "e2",
	                               .type = "p256",
	                               .chain = chain,
	                               .now = NOW + 20000,
	                               .other = {.type = "rsa2048"}},
	              &e),
	          &e);
	assert_is_live(s, "p256 e2");
	assert_false(has(s, "live/rsa"));
	free(chain);
}

TEST_WITH(test_a_second_without_its_first_is_not_published, set_up, tear_down)
{
	struct shelf *s = *state;
	char *chain = prepare(s, "r1", "rsa2048");
	struct err e;

	assert_false(run(
	    s,
	    (struct publish){
	        .order = "r1", .type = "rsa2048", .chain = chain, .other = {.type = "p256", .first = true}},
	    &e));
	assert_told(&e, "p256");
	assert_false(s->p.wrong || s->p.other.wrong);
	assert_is_live(s, "nothing");
	free(chain);
}

/* Of a wrong pair it is told whose it is, and nothing changes. */
TEST_WITH(test_each_pair_is_checked, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e;

	for (int wrong = 0; wrong < 2; wrong++) {
		char *orders[] = {xasprintf("e%d", wrong + 2), xasprintf("r%d", wrong + 2)};
		char *first =
		    prepare_until(s, orders[0], "p256", wrong == 0 ? "evil.test" : "web.test", NOW + 9000);
		char *second =
		    prepare_until(s, orders[1], "rsa2048", wrong == 1 ? "evil.test" : "web.test", NOW + 9000);

		if (wrong == 0)
			publish_both(s, "e1", "r1");
		assert_false(run_both(s, orders[0], first, orders[1], second, &e));
		assert_int_equal(s->p.wrong, wrong == 0);
		assert_int_equal(s->p.other.wrong, wrong == 1);
		assert_is_live(s, "p256 e1, rsa2048");
		free_all(first, second, orders[0], orders[1]);
	}
}

/* Killed at any call that changes a file: the old generation or the new one is there whole, and the next try ends with
 * the new one. */
TEST(test_a_kill_at_every_call)
{
	bool hit = true;
	int at;

	for (at = 1; hit; at += 4) {
		struct shelf *s;
		char *first, *second, *found;
		struct err e;
		int status;
		pid_t child;

		set_up((void **)&s);
		publish_both(s, "e1", "r1");
		first = prepare(s, "e2", "p256");
		second = prepare(s, "r2", "rsa2048");
		child = fork();
		if (child == 0) {
			bool ok;

			wrap_on(at, 0);
			ok = run_both(s, "e2", first, "r2", second, &e);
			wrap_off(&hit);
			_exit(ok ? 0 : 1);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		hit = WEXITSTATUS(status) == 99;
		assert_true(hit || WEXITSTATUS(status) == 0);
		found = live(s);
		assert_true(strcmp(found, "p256 e1, rsa2048") == 0 || strcmp(found, "p256 e2, rsa2048") == 0);
		assert_ok(run(s,
		              (struct publish){.order = "e2",
		                               .type = "p256",
		                               .chain = first,
		                               .now = NOW + 60,
		                               .other = {.type = "rsa2048", .order = "r2", .chain = second}},
		              &e),
		          &e);
		assert_is_live(s, "p256 e2, rsa2048");
		assert_false(has(s, ".new-e2") || has(s, ".new-r2"));
		free_all(first, second, found);
		tear_down((void **)&s);
	}
	assert_true(at > 60);
}

/* Both certificates of a generation are revoked, each by its own key where it is to sign. */
TEST_WITH(test_both_are_revoked, set_up, tear_down)
{
	struct shelf *s = *state;
	struct err e = {""};
	char *text;
	struct setup *setup;
	json_t *list;

	publish_both(s, "e1", "r1");
	text = xasprintf("{\"state\":\"%s\",\"command\":\"revoke\"}\n{\"revoke\":{\"id\":\"web.test\","
	                 "\"generation\":\"%s\",\"reason\":4}}\n",
	                 s->state, s->p.generation);
	setup = setup_parse(text, strlen(text), &e);
	folder_close(&s->cert); /* and its lock */
	list = revocation_certificates(setup, 0, NOW, &e);
	assert_int_equal(json_array_size(list), 2);
	for (size_t i = 0; i < 2; i++) {
		const json_t *one = json_array_get(list, i);
		EVP_PKEY *key =
		    revocation_key(setup, 0, json_string_value(json_object_get(one, "certificate")), &e);

		assert_non_null(key);
		assert_string_equal(key_type(key), i ? "rsa2048" : "p256");
		assert_int_equal(json_is_string(json_object_get(one, "generation")), i == 1);
		EVP_PKEY_free(key);
	}
	json_decref(list);
	setup_free(setup);
	free(text);
}

int main(void)
{
	int failed = unit_run(NULL, NULL);

	for (size_t i = 0; i < 4; i++)
		EVP_PKEY_free(keys[i / 2][i % 2]);
	return failed;
}
