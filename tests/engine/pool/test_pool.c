#include "pool_world.h"

TEST_WITH(test_each_operation, setup, teardown)
{
	struct fixture *x = *state;

	assert_null(pool_hello(x->p, "acct"));
	add(x, "a.test");
	assert_int_equal(x->said.len, 0);
	run(x, 1);
	said(x, "ok handle h1;");
	assert_true(pool_hello(x->p, "acct")->compare_and_swap);
	assert_true(pool_hello(x->p, "acct")->can_batch);
	write_txt(x, false, "test", "a.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	pool_list(x->p, "acct", "test", "a.test", 200, on_answer, x);
	pool_warm(x->p, "acct", on_answer, x);
	run(x, 4);
	said(x, "ok;ok;ok;ok v1 v2;"); /* the warm one first */
	heard(x, "1:add a.test;1:del a.test;1:check a.test;1:list a.test;");
	assert_int_equal(x->starts, 1);
	assert_int_equal(x->kills, 0);
}

TEST_WITH(test_warm_starts, setup, teardown)
{
	struct fixture *x = *state;

	pool_warm(x->p, "acct", on_answer, x);
	run(x, 1);
	said(x, "ok;");
	assert_int_equal(x->starts, 1);
	assert_non_null(pool_hello(x->p, "acct"));
}

TEST_WITH(test_gathers_a_turn, setup, teardown)
{
	struct fixture *x = *state;

	add(x, "a.test");
	write_txt(x, true, "other", "x.other");
	write_txt(x, false, "test", "b.test");
	add(x, "c.test");
	x->script = "bo";
	run(x, 4);
	heard(x, "1:batch add a.test del b.test add c.test;1:add x.other;");
	said(x, "ok;conflict: changed;ok;ok handle h1;");
}

TEST_WITH(test_gathers_while_one_runs, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("record", ",\"batch\"", "\"most_parallel\":3");
	x->script = "zo";
	add(x, "a.test");
	until_held(x);
	add(x, "b.test");
	write_txt(x, true, "other", "x.other"); /* another zone goes on, by a second host */
	run(x, 1);
	said(x, "ok handle h1;");
	add(x, "c.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 1);
	said(x, "ok;");
	heard(x, "1:add a.test;2:add x.other;2:check a.test;");
	release(x);
	run(x, 3);
	said(x, "ok handle h1;ok;ok;");
	assert_non_null(strstr(x->heard.data, "batch add b.test add c.test;"));
}

TEST_WITH(test_batch_has_a_cap, setup, teardown)
{
	struct fixture *x = *state;
	size_t changes = 0, batches = 0;

	for (int i = 0; i < 250; i++)
		add(x, "a.test");
	run(x, 250);
	for (const char *p = x->heard.data; (p = strstr(p, " add ")); p++)
		changes++;
	for (const char *p = x->heard.data; (p = strstr(p, ":batch ")); p++)
		batches++;
	assert_int_equal(changes, 250);
	assert_int_equal(batches, 3);
}

TEST_WITH(test_one_by_one, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("record", "", "");
	add(x, "a.test");
	add(x, "b.test");
	pool_list(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 3);
	heard(x, "1:add a.test;1:add b.test;");
	assert_non_null(strstr(x->said.data, "invalid: this provider cannot list values;"));
}

TEST_WITH(test_provider_words, setup, teardown)
{
	struct fixture *x = *state;

	x->script = "tm";
	add(x, "a.test");
	run(x, 1);
	said(x, "temp after 7: busy;");
	add(x, "a.test");
	run(x, 1);
	said(x, "refused: add ?[1m--cname-target?;");
	assert_int_equal(x->starts, 1);
}

TEST_WITH(test_batch_fails_as_a_whole, setup, teardown)
{
	struct fixture *x = *state;

	x->script = "t";
	add(x, "a.test");
	add(x, "b.test");
	run(x, 2);
	said(x, "temp after 7: busy;temp after 7: busy;");
}

TEST_WITH(test_hang_is_killed, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t start = loop_now(x->l);

	x->script = "ho";
	add(x, "a.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 2);
	said(x, "unknown: DNS account 'acct': the provider host did not answer within 200 ms and "
	        "was killed"
	        " 2 s later; its last words: ouch ?!;ok;");
	heard(x, "1:add a.test;2:check a.test;");
	assert_true(loop_now(x->l) - start >= 2200);
	assert_int_equal(x->kills, 1);
	assert_int_equal(x->starts, 2);
}

TEST_WITH(test_death_in_a_call, setup, teardown)
{
	struct fixture *x = *state;

	x->script = "do";
	add(x, "a.test");
	add(x, "b.test");
	pool_check(x->p, "acct", "test", "c.test", 200, on_answer, x);
	run(x, 3);
	said(x, "unknown: DNS account 'acct': the provider host died (signal 11 (Segmentation "
	        "fault)); its last words: ouch ?!;"
	        "unknown: DNS account 'acct': the provider host died (signal 11 (Segmentation "
	        "fault)); its last words: ouch ?!;"
	        "ok;");
	heard(x, "1:batch add a.test add b.test;2:check c.test;");
}

TEST_WITH(test_death_without_report, setup, teardown)
{
	struct fixture *x = *state;

	x->mute = true;
	x->script = "do";
	add(x, "a.test");
	run(x, 1);
	said(x, "unknown: DNS account 'acct': the provider host died (it closed its output);");
}

TEST_WITH(test_report_before_the_answer, setup, teardown)
{
	struct fixture *x = *state;

	x->script = "Dho";
	add(x, "a.test");
	run(x, 1);
	said(x, "ok handle h1;");
	add(x, "b.test"); /* goes to the dead host, whose wire closes soon */
	run(x, 1);
	said(x, "unknown: DNS account 'acct': the provider host died (exit 3); its last words: "
	        "ouch ?!;");
	assert_int_equal(x->kills, 0);
}

static void check_garbage(struct fixture *x, const char *script, int calls, const char *what)
{
	char expected[400];

	x->script = script;
	for (int i = 0; i < calls; i++)
		add(x, "a.test");
	run(x, calls);
	snprintf(expected, sizeof(expected),
	         "unknown: DNS account 'acct': the provider host answered garbage (%s) and was "
	         "killed; its last words: ouch ?!;",
	         what);
	assert_memory_equal(x->said.data, expected, strlen(expected));
	x->said.len = 0;
	x->script = "o"; /* a good answer between, so that the account is not given up */
	add(x, "a.test");
	run(x, 1);
	said(x, "ok handle h1;");
}

TEST_WITH(test_garbage, setup, teardown)
{
	struct fixture *x = *state;

	check_garbage(x, "g", 1, "the id is not that of the request");
	check_garbage(x, "i", 1, "the id is not that of the request");
	check_garbage(x, "u", 1, "no known \"rc\"");
	check_garbage(x, "l", 1, "no handle of at most 511 octets");
	check_garbage(x, "w", 2, "not as many results as changes");
	assert_int_equal(x->kills, 5);
	assert_int_equal(x->starts, 6);
}

TEST_WITH(test_speaks_unasked, setup, teardown)
{
	struct fixture *x = *state;

	pool_warm(x->p, "acct", on_answer, x);
	run(x, 1);
	wire_send(x->hosts->wire, json_pack("{s:i, s:s}", "id", 1, "rc", "ok"), -1);
	add(x, "a.test");
	x->said.len = 0;
	run(x, 1);
	assert_int_equal(x->kills, 1);
}

TEST_WITH(test_error_hello, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":1,\"error\":\"option key: cannot read file:/etc/k\\u001b: --set "
	           "key=...\"}";
	add(x, "a.test");
	pool_warm(x->p, "acct", on_answer, x);
	run(x, 2);
	said(x, "dead: option key: cannot read file:/etc/k?: --set key=...;"
	        "dead: option key: cannot read file:/etc/k?: --set key=...;");
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: option key: cannot read file:/etc/k?: --set key=...;");
	assert_int_equal(x->starts, 1);
	assert_null(pool_hello(x->p, "acct"));
}

TEST_WITH(test_other_protocol, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":2}";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: the provider host speaks protocol 2, expected 1: install both from one "
	        "version of "
	        "dnsproof;");
}

TEST_WITH(test_five_starts, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = "die";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead passes: DNS account 'acct': the provider host died (exit 1); its last words: ouch ?!;");
	assert_int_equal(x->starts, 5);
	add(x, "a.test");
	run(x, 1);
	assert_int_equal(x->starts, 5);
}

TEST_WITH(test_garbage_hello, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":1,\"replaces\":\"everything\",\"ops\":[\"add\",\"del\"]}";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: DNS account 'acct': the provider host answered garbage (its first line lacks "
	        "\"replaces\" or the operations add and del) and was killed; its last words: ouch ?!;");
	assert_int_equal(x->kills, 5);
}

TEST_WITH(test_launcher_cannot_start, setup, teardown)
{
	struct fixture *x = *state;

	x->start_error = "too many processes";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: DNS account 'acct': the provider host could not be started: too many "
	        "processes;");
	assert_int_equal(x->starts, 5);
}

TEST_WITH(test_cancel, setup, teardown)
{
	struct fixture *x = *state;

	struct pool_call *c;

	x->script = "zo";
	pool_cancel(add(x, "never.test"));
	pool_cancel(NULL);
	c = add(x, "a.test");
	until_held(x);
	pool_cancel(c); /* handed over already: goes on, nobody is told */
	add(x, "b.test");
	release(x);
	run(x, 1);
	said(x, "ok handle h1;");
	heard(x, "1:add a.test;1:add b.test;");
}

TEST_WITH(test_free_inside, setup, teardown)
{
	struct fixture *x = *state;

	add(x, "a.test");
	add(x, "b.test");
	add(x, "c.test");
	x->free_in_callback = true;
	run(x, 0);
	said(x, "ok;");
}

/* What another process writes is asked for again; what it does not write is not kept waiting. */
TEST_WITH(test_busy, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("zone", "", "");
	x->script = "yo";
	add(x, "a.test");
	write_txt(x, true, "other", "b.other");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 3);
	heard(x, "1:add a.test;1:add b.other;1:check a.test;1:add a.test;");
	said(x, "ok handle h1;ok;ok handle h1;");
	assert_int_equal(x->starts, 1);
}

/* A batch that was not begun is gathered anew. */
TEST_WITH(test_busy_batch, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("rrset", ",\"batch\"", "");
	x->script = "yo";
	add(x, "a.test");
	add(x, "b.test");
	run(x, 2);
	heard(x, "1:batch add a.test add b.test;1:batch add a.test add b.test;");
	said(x, "ok;ok;");
}

TEST_WITH(test_one_write_of_a_set, setup, teardown)
{
	struct fixture *x = *state;

	x->hello = HELLO("rrset", "", "\"most_parallel\":2");
	x->script = "zo";
	add(x, "a.test");
	add(x, "a.test"); /* waits, its set is being written */
	add(x, "b.test"); /* another set */
	run(x, 1);
	heard(x, "1:add a.test;2:add b.test;");
	release(x);
	run(x, 2);
	said(x, "ok handle h1;ok handle h1;ok handle h1;");
}

static void note_time(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "waiting;");
	loop_stop(x->l);
}

TEST_WITH(test_rate, setup, teardown)
{
	struct fixture *x = *state;
	struct loop_timer *t = loop_timer_new(x->l, note_time, x);

	x->hello = HELLO("record", "", "\"requests_per_minute\":2");
	add(x, "a.test");
	add(x, "b.test");
	add(x, "c.test");
	run(x, 2);
	loop_timer_set(t, 300);
	run(x, 1);
	loop_timer_free(t);
	said(x, "ok handle h1;ok handle h1;[waiting]waiting;");
	heard(x, "1:add a.test;1:add b.test;");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
