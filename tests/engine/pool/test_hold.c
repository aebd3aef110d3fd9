/* How long a call may wait in the queue, in virtual time. */
#include "unit.h"

#include "fake_loop.h"
#include "pool/pool_world.h"

/* What an add may do was written down before it was pushed, for so long and no longer. */
TEST_WITH(test_add_is_given_back, setup, teardown)
{
	struct fixture *x = *state;

	loop_timer_set(x->limit, 600000);
	x->hello = HELLO("record", "", "\"requests_per_minute\":1");
	add(x, "a.test");
	run(x, 1);
	said(x, "ok handle h1;");
	add(x, "b.test"); /* 60 s until the next request */
	write_txt(x, false, "test", "c.test");
	run(x, 2);
	said(x, "[waiting]temp unsent: it waited too long for its turn;ok;");
	heard(x, "1:add a.test;1:del c.test;");
}

/* A process that never stops writing: told after 3 s, given back after 30 s, and nothing was handed over. */
TEST_WITH(test_busy_is_given_back, setup, teardown)
{
	struct fixture *x = *state;
	size_t asked = 0;

	loop_timer_set(x->limit, 600000);
	x->hello = HELLO("zone", "", "");
	x->script = "y";
	write_txt(x, false, "test", "a.test");
	run(x, 1);
	said(x, "[waiting]temp unsent: another dnsproof process is writing to the zone;");
	for (const char *p = x->heard.data; (p = strstr(p, "del a.test")); p++)
		asked++;
	assert_in_range(asked, 30, 36); /* 0.1, 0.2, 0.4, 0.8, then every second */
	assert_int_equal(x->starts, 1);
}

/* A host that never says what it can: two starts, not five of 45 s, and the first failure is told. */
TEST_WITH(test_silent_start, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t start = loop_now(x->l);

	loop_timer_set(x->limit, 600000);
	x->hello = "";
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 1);
	said(x, "[retry]dead passes: DNS account 'acct': the provider host did not come up within 45 s and "
	        "was killed; "
	        "its last words: ouch ?!;");
	assert_int_equal(x->starts, 2);
	assert_int_equal(x->kills, 2);
	assert_in_range(loop_now(x->l) - start, 90000, 95000);
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x); /* it rests */
	run(x, 1);
	assert_int_equal(x->starts, 2);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
