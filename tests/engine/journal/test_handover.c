/* The index of certificates: what is handed over, what is due by it, and what the store is compared with. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/str.h"
#include "engine/journal/certificates.h"
#include "engine/journal/handover.h"
#include "engine/journal/schema.h"
#include "engine/journal/turn.h"
#include "fake_loop.h"

#define NOW 1000000

struct ground {
	char state[64];
	struct loop *loop;
	struct db *db;
	struct strs seen;
};

static void broken(void *arg, const char *why)
{
	fail_msg("%s", why);
}

static int ground_new(void **state)
{
	struct ground *g = xcalloc(1, sizeof(*g));
	struct err e;
	bool person;

	snprintf(g->state, sizeof(g->state), "/tmp/test_handover.XXXXXX");
	assert_non_null(mkdtemp(g->state));
	g->loop = loop_new();
	g->db = journal_open(g->state, &person, &e);
	assert_non_null(g->db);
	*state = g;
	return 0;
}

static int ground_free(void **state)
{
	struct ground *g = *state;
	char *command = xasprintf("rm -rf '%s'", g->state);

	db_close(g->db);
	loop_free(g->loop);
	strs_free(&g->seen);
	assert_int_equal(system(command), 0);
	free(command);
	free(g);
	return 0;
}

static json_t *row(const char *cert, const char *wanted, bool renews)
{
	char *text = xasprintf("%s\tp256\t%s\tca\tdns\t%s\t1\t%d", cert, cert, wanted, renews);
	json_t *row = json_string(text);

	free(text);
	return row;
}

/* rows: new. */
static void hand_over(struct ground *g, json_t *rows, const char *digest, int64_t now)
{
	struct err e;

	assert_true(handover_begin(g->db, &e));
	assert_true(handover_take(g->db, rows, &e));
	assert_true(handover_end(g->db, digest, now, &e));
	json_decref(rows);
}

static void see(void *arg, const char *cert)
{
	strs_add(arg, cert);
}

static void see_stamp(void *arg, const char *cert, const char *stamp)
{
	assert_string_equal(stamp, "stamp");
	strs_add(arg, cert);
}

/* IDs with a blank between them; valid until the next question. */
static const char *due(struct ground *g, int64_t now)
{
	static char *text;
	struct err e;

	free(text);
	assert_true(handover_each_due(g->db, now, see, &g->seen, &e));
	text = strs_join(&g->seen, " ");
	strs_free(&g->seen);
	return text;
}

static size_t unverified(struct ground *g, int64_t now)
{
	struct err e;

	assert_true(handover_each_unverified(g->db, now, see_stamp, &g->seen, &e));
	size_t n = g->seen.n;
	strs_free(&g->seen);
	return n;
}

static void publish(struct ground *g, const char *const *certs, size_t n, int64_t look_at)
{
	const struct certificate_facts facts = {.generation = "gen", .stamp = "stamp", .not_after = 2 * NOW};
	struct turn *t = turn_new(g->loop, g->db, broken, NULL);

	for (size_t i = 0; i < n; i++) {
		const struct certificate_key key = {certs[i], "p256", certs[i], "ca", "dns"};

		certificate_store(t, &key, &facts, &(struct certificate_moments){.look_at = look_at});
	}
	fake_loop_advance(g->loop, 1);
	assert_false(turn_is_broken(t));
	turn_free(t);
}

TEST_WITH(what_is_new_is_looked_at_and_then_when_it_is_due, ground_new, ground_free)
{
	struct ground *g = *state;
	static const char *const certs[] = {"a", "b"};

	hand_over(g, json_pack("[o,o]", row("a", "1", true), row("b", "1", true)), "d1", NOW);
	assert_string_equal(due(g, NOW), "a b");
	publish(g, certs, 2, NOW + 100);
	assert_string_equal(due(g, NOW + 99), "");
	publish(g, certs + 1, 1, NOW + 50);
	assert_string_equal(due(g, NOW + 100), "b a");
}

TEST_WITH(only_what_has_changed_is_looked_at_again, ground_new, ground_free)
{
	struct ground *g = *state;
	static const char *const certs[] = {"a", "b", "c"};

	hand_over(g, json_pack("[o,o,o]", row("a", "1", true), row("b", "1", true), row("c", "1", true)),
	          "d1", NOW);
	publish(g, certs, 3, NOW + 100);
	hand_over(g, json_pack("[o,o,o]", row("a", "1", true), row("b", "2", true), row("d", "1", true)),
	          "d2", NOW);
	assert_string_equal(due(g, NOW), "b d");
	/* What is not renewed, or left, is never due; what comes back is looked at. */
	hand_over(g, json_pack("[o,o]", row("a", "1", true), row("b", "2", false)), "d3", NOW);
	assert_string_equal(due(g, NOW + 100), "a");
	hand_over(g, json_pack("[o,o]", row("a", "1", true), row("c", "1", true)), "d4", NOW);
	assert_string_equal(due(g, NOW), "c");
}

TEST_WITH(the_digest_is_that_of_the_last_handover, ground_new, ground_free)
{
	struct ground *g = *state;
	struct err e;
	bool known;

	assert_true(handover_is_known(g->db, "d1", &known, &e));
	assert_false(known);
	hand_over(g, json_pack("[o]", row("a", "1", true)), "d1", NOW);
	assert_true(handover_is_known(g->db, "d1", &known, &e));
	assert_true(known);
	hand_over(g, json_array(), "d2", NOW);
	assert_true(handover_is_known(g->db, "d1", &known, &e));
	assert_false(known);
}

TEST_WITH(a_wrong_row_changes_nothing, ground_new, ground_free)
{
	struct ground *g = *state;
	json_t *wrong = json_pack("[s]", "a\tp256\ta");
	struct err e;

	hand_over(g, json_pack("[o]", row("a", "1", true)), "d1", NOW);
	assert_true(handover_begin(g->db, &e));
	assert_false(handover_take(g->db, wrong, &e));
	db_rollback(g->db);
	assert_string_equal(due(g, NOW), "a");
	json_decref(wrong);
}

/* A run that died left an order: its certificate is worked on although it is not due. */
TEST_WITH(an_unfinished_order_is_due, ground_new, ground_free)
{
	struct ground *g = *state;
	static const char *const certs[] = {"a", "b"};
	struct err e;

	hand_over(g, json_pack("[o,o]", row("a", "1", true), row("b", "1", true)), "d1", NOW);
	publish(g, certs, 2, NOW + 100);
	assert_true(
	    db_script(g->db,
	              "INSERT INTO orders(run,tag,cert,ca_account,names,key_type,state,created,expires)"
	              " VALUES('r','t1','b','ca','[]','p256','open',1,1),"
	              "('r','t2','a','ca','[]','p256','published',1,1)",
	              &e));
	assert_string_equal(due(g, NOW), "b");
}

/* All of a small store each run; a week's part of a large one, which was compared longest ago. */
TEST_WITH(a_slice_of_the_store_is_compared, ground_new, ground_free)
{
	enum { ALL = 16800 };
	struct ground *g = *state;
	json_t *rows = json_array();
	static const char *const certs[] = {"a", "b"};
	struct err e;

	hand_over(g, json_pack("[o,o]", row("a", "1", true), row("b", "1", true)), "d1", NOW);
	assert_int_equal(unverified(g, NOW), 0);
	publish(g, certs, 2, NOW + 100);
	assert_int_equal(unverified(g, NOW), 2);
	assert_int_equal(unverified(g, NOW + 100), 0);
	for (int i = 0; i < ALL; i++) {
		char id[16];

		snprintf(id, sizeof(id), "c%d", i);
		json_array_append_new(rows, row(id, "1", true));
	}
	hand_over(g, rows, "d2", NOW);
	assert_true(
	    db_script(g->db, "UPDATE certificates SET stamp='stamp', look_at=2000000000, verified=5", &e));
	assert_true(db_script(g->db, "UPDATE certificates SET verified=4 WHERE cert='c77'", &e));
	assert_true(handover_each_unverified(g->db, NOW, see_stamp, &g->seen, &e));
	assert_int_equal(g->seen.n, ALL / 168 + 20);
	assert_string_equal(g->seen.at[0], "c77");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
