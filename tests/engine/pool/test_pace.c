/* How many requests go to a DNS account in a minute, in virtual time. */
#include "unit.h"

#include <stdlib.h>

#include "common/mem.h"
#include "engine/journal/dns_requests.h"
#include "engine/journal/rows.h"
#include "engine/journal/schema.h"
#include "engine/journal/turn.h"
#include "engine/pool/rate.h"
#include "fake_loop.h"
#include "pool/pool_world.h"

/* A DNS account and what is kept of it from run to run. */
struct kept {
	struct fixture *x;
	char state[64];
	struct db *db;
	struct turn *turn;
};

static void broken(void *arg, const char *why)
{
	fail_msg("the journal: %s", why);
}

static void store(void *arg, const char *account, unsigned n)
{
	dns_requests_store(((struct kept *)arg)->turn, account, n);
}

static void each(void *arg, const char *account, void (*fn)(void *to, unsigned age_s, unsigned n), void *to)
{
	dns_requests_each(((struct kept *)arg)->turn, account, fn, to);
}

static void run_end(struct kept *k)
{
	pool_free(k->x->p);
	k->x->p = NULL;
	turn_free(k->turn);
	db_close(k->db);
	k->turn = NULL;
	k->db = NULL;
}

/* What another run finds when it begins. */
static void run_begin(struct kept *k)
{
	struct err e;
	bool person;

	run_end(k);
	k->db = journal_open(k->state, &person, &e);
	assert_non_null(k->db);
	k->turn = turn_new(k->x->l, k->db, broken, k);
	k->x->p = pool_new(k->x->l, k->x->c, &(struct pool_requests){store, each, k});
}

static void kept_begin(struct kept *k, struct fixture *x)
{
	*k = (struct kept){.x = x};
	snprintf(k->state, sizeof(k->state), "/tmp/test_pace.XXXXXX");
	assert_non_null(mkdtemp(k->state));
	run_begin(k);
}

static void kept_end(struct kept *k)
{
	char *command = xasprintf("rm -rf '%s'", k->state);

	run_end(k);
	assert_int_equal(system(command), 0);
	free(command);
}

static void del(struct fixture *x, const char *owner)
{
	write_txt(x, false, "test", owner);
}

/* Virtual ms until n answers came. */
static uint64_t took(struct fixture *x, int n)
{
	uint64_t start = loop_now(x->l);

	loop_timer_set(x->limit, 600000);
	run(x, n);
	return loop_now(x->l) - start;
}

/* A call of three requests is three of the limit, and the next of its kind is expected to make as many. */
TEST_WITH(test_requests_not_calls, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t ms;

	x->hello = HELLO("record", "", "\"requests_per_minute\":6");
	x->script = "3";
	del(x, "a.test");
	del(x, "b.test");
	del(x, "c.test");
	ms = took(x, 2);
	assert_true(ms < 1000);
	heard(x, "1:del a.test;1:del b.test;");
	ms = took(x, 1);
	assert_in_range(ms, 59000, 61000);
	heard(x, "1:del c.test;");
	said(x, "ok;ok;[waiting]ok;");
}

/* One call needs more than a minute allows: it goes alone. */
TEST_WITH(test_more_than_the_limit, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t ms;

	x->hello = HELLO("record", "", "\"requests_per_minute\":2");
	x->script = "9";
	del(x, "a.test");
	del(x, "b.test");
	ms = took(x, 2);
	assert_in_range(ms, 60000, 61000);
}

/* What other hosts are about to send counts, too. */
TEST_WITH(test_parallel_hosts, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("record", "", "\"requests_per_minute\":6,\"most_parallel\":3");
	x->script = "3z1";
	del(x, "a.test");
	took(x, 1);
	del(x, "b.test"); /* 3 of 6 are used, and 3 are expected */
	until_held(x);
	del(x, "c.test");
	fake_loop_advance(x->l, 1000);
	heard(x, "1:del a.test;1:del b.test;");
	release(x);
	took(x, 2);
	heard(x, "2:del c.test;");
}

/* A host that died in a call has made the requests that were expected. */
TEST_WITH(test_death_counts, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t ms;

	x->hello = HELLO("record", "", "\"requests_per_minute\":6");
	x->script = "3d1";
	del(x, "a.test");
	del(x, "b.test");
	took(x, 2);
	del(x, "c.test");
	ms = took(x, 1);
	assert_in_range(ms, 55000, 61000);
}

TEST_WITH(test_next_run, setup, teardown)
{
	struct fixture *x = *state;
	struct kept k;
	uint64_t ms;

	kept_begin(&k, x);
	x->hello = HELLO("record", "", "\"requests_per_minute\":3");
	x->script = "3";
	del(x, "a.test");
	took(x, 1);
	run_begin(&k);
	fake_loop_advance(x->l, 20000);
	x->script = "1";
	del(x, "b.test");
	ms = took(x, 1);
	assert_in_range(ms, 39000, 42000);
	run_begin(&k);
	del(x, "c.test"); /* b.test has taken one, and there are three */
	ms = took(x, 1);
	assert_true(ms < 1000);
	kept_end(&k);
}

/* What a run stores, another one that is under way takes over with its next answer. */
TEST_WITH(test_runs_at_once, setup, teardown)
{
	struct fixture *x = *state;
	struct kept k;
	uint64_t ms;

	kept_begin(&k, x);
	x->hello = HELLO("record", "", "\"requests_per_minute\":6");
	x->script = "1";
	del(x, "a.test");
	took(x, 1);
	dns_requests_store(k.turn, "acct", 4); /* the other run */
	dns_requests_store(k.turn, "other", 100);
	del(x, "b.test");
	ms = took(x, 1);
	assert_true(ms < 1000);
	del(x, "c.test");
	ms = took(x, 1);
	assert_in_range(ms, 59000, 62000);
	kept_end(&k);
}

/* A clock that was ahead by a day costs a minute, not a day. */
TEST_WITH(test_clock_was_ahead, setup, teardown)
{
	struct fixture *x = *state;
	int64_t now = loop_wall(x->l);
	struct kept k;
	uint64_t ms;

	kept_begin(&k, x);
	x->hello = HELLO("record", "", "\"requests_per_minute\":1");
	x->script = "1";
	fake_loop_set_wall(x->l, now + 86400);
	del(x, "a.test");
	took(x, 1);
	fake_loop_set_wall(x->l, now);
	run_begin(&k);
	del(x, "b.test");
	ms = took(x, 1);
	assert_in_range(ms, 59000, 62000);
	kept_end(&k);
}

TEST(test_rate)
{
	struct pool_rate r = {0};

	assert_int_equal(pool_rate_wait(&r, 5000, 100, 100), 0); /* no limit */
	pool_rate_limit(&r, 10);
	pool_rate_count(&r, 100500, 0, 4);
	pool_rate_count(&r, 130000, 0, 6);
	assert_int_equal(pool_rate_wait(&r, 130000, 1, 0), 161000 - 130000);
	assert_int_equal(pool_rate_wait(&r, 130000, 5, 0), 191000 - 130000);
	assert_int_equal(pool_rate_wait(&r, 160999, 4, 0), 1);
	assert_int_equal(pool_rate_wait(&r, 161000, 4, 0), 0);
	assert_int_equal(pool_rate_wait(&r, 161000, 2, 3), 30000); /* 3 are under way */
	assert_int_equal(pool_rate_wait(&r, 161000, 100, 0), 30000);
	assert_int_equal(pool_rate_wait(&r, 191000, 100, 0), 0);
	pool_rate_count(&r, 191000, 60, 10);
	assert_int_equal(pool_rate_wait(&r, 191000, 1, 0), 1000);
	pool_rate_count(&r, 191000, 61, 10);
	pool_rate_count(&r, 191000, 0, UINT32_MAX);
	pool_rate_count(&r, 191000, 0, UINT32_MAX);
	assert_int_equal(pool_rate_wait(&r, 192000, 1, 0), 60000);
	pool_rate_limit(&r, 6001);
	assert_int_equal(pool_rate_wait(&r, 192000, 6001, 0), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
