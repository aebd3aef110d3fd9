/* How long a change waits for others of its zone that are announced, in virtual time. */
#include "unit.h"

#include "engine/pool/linger.h"
#include "fake_loop.h"
#include "pool/pool_world.h"

/* One change and its host, so that what the provider can is known. */
static int setup_known(void **state)
{
	setup(state);
	struct fixture *x = *state;

	loop_timer_set(x->limit, 600000);
	add(x, "first.test");
	run(x, 1);
	x->said.len = x->heard.len = 0;
	return 0;
}

static uint64_t took(struct fixture *x, int answers)
{
	uint64_t start = loop_now(x->l);

	run(x, answers);
	return loop_now(x->l) - start;
}

static void announce(struct fixture *x, unsigned n, bool adds)
{
	for (unsigned i = 0; i < n; i++)
		pool_announce(x->p, "acct", "test", adds);
}

#define LINGER(name) TEST_WITH(name, setup_known, teardown)

LINGER(test_waits_for_what_is_announced)
{
	struct fixture *x = *state;

	announce(x, 3, true);
	add(x, "a.test");
	pool_withdraw(x->p, "acct", "test", true);
	fake_loop_advance(x->l, POOL_LINGER_MS / 2);
	add(x, "b.test");
	pool_withdraw(x->p, "acct", "test", true);
	fake_loop_advance(x->l, POOL_LINGER_MS / 4);
	assert_int_equal(x->heard.len, 0);
	pool_withdraw(x->p, "acct", "test", true); /* its values do not come */
	assert_int_equal(took(x, 2), 0);
	heard(x, "1:batch add a.test add b.test;");
}

LINGER(test_waits_no_longer_than_that)
{
	struct fixture *x = *state;

	announce(x, 2, true);
	add(x, "a.test");
	pool_withdraw(x->p, "acct", "test", true);
	assert_int_equal(took(x, 1), POOL_LINGER_MS);
	heard(x, "1:add a.test;");
	add(x, "b.test"); /* the announced one has not come yet: its time begins anew */
	assert_int_equal(took(x, 1), POOL_LINGER_MS);
	pool_withdraw(x->p, "acct", "test", true);
	add(x, "c.test");
	assert_int_equal(took(x, 1), 0);
}

/* One alone is announced, too. */
LINGER(test_one_alone_does_not_wait)
{
	struct fixture *x = *state;

	add(x, "a.test");
	assert_int_equal(took(x, 1), 0);
	announce(x, 1, true);
	add(x, "b.test");
	pool_withdraw(x->p, "acct", "test", true);
	assert_int_equal(took(x, 1), 0);
}

/* Those announced later have a request of their own: else one could wait for ever. */
LINGER(test_newcomers_are_not_waited_for)
{
	struct fixture *x = *state;

	announce(x, 1, true);
	add(x, "a.test");
	announce(x, 5, true);
	pool_withdraw(x->p, "acct", "test", true);
	assert_int_equal(took(x, 1), 0);
	heard(x, "1:add a.test;");
}

LINGER(test_waits_for_its_like_alone)
{
	struct fixture *x = *state;

	announce(x, 2, true);
	write_txt(x, false, "test", "a.test");
	assert_int_equal(took(x, 1), 0);
	write_txt(x, true, "other", "x.other");
	assert_int_equal(took(x, 1), 0);
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	assert_int_equal(took(x, 1), 0);
	add(x, "b.test");
	write_txt(x, false, "test", "c.test"); /* goes, and takes it along */
	assert_int_equal(took(x, 2), 0);
	heard(x, "1:del a.test;1:add x.other;1:check a.test;1:batch del c.test add b.test;");
}

LINGER(test_removals_wait_too)
{
	struct fixture *x = *state;

	announce(x, 2, false);
	write_txt(x, false, "test", "a.test");
	pool_withdraw(x->p, "acct", "test", false);
	fake_loop_advance(x->l, POOL_LINGER_MS / 2);
	write_txt(x, false, "test", "b.test");
	pool_withdraw(x->p, "acct", "test", false);
	assert_int_equal(took(x, 2), 0);
	heard(x, "1:batch del a.test del b.test;");
}

/* What cannot go together need not wait. */
TEST_WITH(test_no_batch_no_wait, setup, teardown)
{
	struct fixture *x = *state;

	loop_timer_set(x->limit, 600000);
	x->hello = HELLO("record", "", "");
	add(x, "first.test");
	run(x, 1);
	announce(x, 9, true);
	add(x, "a.test");
	assert_int_equal(took(x, 1), 0);
}

/* More than was announced is withdrawn: nothing happens. */
LINGER(test_withdrawn_twice)
{
	struct fixture *x = *state;

	announce(x, 1, true);
	for (int i = 0; i < 3; i++)
		pool_withdraw(x->p, "acct", "test", true);
	pool_withdraw(x->p, "acct", "elsewhere", true);
	pool_withdraw(x->p, "nobody", "test", true);
	announce(x, 1, false);
	add(x, "a.test");
	assert_int_equal(took(x, 1), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
