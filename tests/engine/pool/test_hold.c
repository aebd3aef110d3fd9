/* How long a call may wait in the queue, in virtual time. */
#include "unit.h"

#include "fake_loop.h"
#include "pool/pool_world.h"

/* What an add may do was written down before it was pushed, for so long and no longer. */
static void test_add_is_given_back(void **state)
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
	said(x, "temp unsent: it waited too long for its turn;ok;");
	heard(x, "1:add a.test;1:del c.test;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_add_is_given_back, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
