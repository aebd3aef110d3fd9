/* TXT values in doubt: what may still be there, what is looked at, what is owed. */
#include "order_case.h"

#include "engine/journal/turn.h"

/* One for both names, which stand in one zone, until the pool has their changes. */
SCENARIO(announces_its_values)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	assert_int_equal(order_world_finish(e, o), ORDER_DONE);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(world.announced_calls[i], 2);
		assert_int_equal(world.most_announced[i], 1);
		assert_int_equal(world.announced[i], 0);
	}
}

/* Nothing is to be put, and nothing will be taken away. */
SCENARIO(withdraws_what_is_not_needed)
{
	struct world *e = *state;

	world.reuse = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.most_announced[1], 1);
	assert_int_equal(world.announced[1], 0);
	assert_int_equal(world.most_announced[0], 0);
}

/* Nothing is there to be removed. */
SCENARIO(withdraws_when_it_fails)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.add[0] = world.add[1] = POOL_AUTH;
	assert_int_equal(order_world_finish(e, o), ORDER_MISCONFIGURED);
	assert_int_equal(world.announced[1], 0);
	assert_int_equal(world.most_announced[0], 0);
}

/* The time until which a call may take effect is that of the last one sent, not of the first. */
SCENARIO(renews_the_doubt_before_each_sending)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.list = true;
	for (int i = 0; i < 12; i++)
		world.add[i] = POOL_TEMP;
	fake_loop_advance(e->loop, 20000);
	assert_int_equal(order_world_count(&world.calls, "add"), 12); /* the last 4 s ago */
	assert_true(order_world_doubt(e) >= loop_wall(e->loop) + 110);
	assert_int_equal(order_world_finish(e, o), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "retry"), 2); /* told once for each value */
}

/* Nothing was written, and the call is over: nothing is owed. */
SCENARIO(owes_nothing_after_a_conflict)
{
	struct world *e = *state;

	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.add[i] = i % 2 ? POOL_RATE : POOL_CONFLICT;
	world.del[0] = POOL_OK;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_owed(e), 0);
}

/* Its "deleted" is looked at where it can list. */
SCENARIO(does_not_believe_a_false_deletion)
{
	struct world *e = *state;

	world.list = true;
	world.del_lies = 2;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "del"), 4);
}

/* The certificate is there and no call is in doubt: nothing is owed before the next run has looked. */
SCENARIO(leaves_a_false_deletion_to_the_next_run)
{
	struct world *e = *state;

	world.list = true;
	world.del_lies = 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "unproved"), 2);
	assert_int_equal(order_world_owed(e), 2);
	assert_int_equal(order_world_doubt(e), 0);
}

/* The same where it says so only then, as a program of the operator's does. */
SCENARIO(asks_a_server_where_a_list_is_not_to_be_had)
{
	struct world *e = *state;

	world.list = world.lists_not = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_true(world.proofs > 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_int_equal(world.store.n, 0);
}

/* It cannot list: a server that had shown the value is asked. */
SCENARIO(asks_a_server_whether_it_is_gone)
{
	struct world *e = *state;
	uint64_t from = loop_now(e->loop);

	world.del_lies = 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.proofs, 2);
	assert_int_equal(order_world_count(&world.events, "unproved"), 2);
	assert_int_equal(order_world_owed(e), 2);
	assert_true(loop_now(e->loop) - from < 15000);
}

SCENARIO(asks_nobody_where_the_provider_has_looked)
{
	struct world *e = *state;

	world.verifies = world.list = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.proofs, 0);
	assert_int_equal(order_world_count(&world.calls, "list"), 0);
	assert_int_equal(order_world_owed(e), 0);
}

/* Nothing was shown by any server, and the provider said "deleted". */
SCENARIO(believes_a_deletion_that_nobody_contradicts)
{
	struct world *e = *state;

	world.spread_never = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.proofs, 0);
	assert_int_equal(order_world_owed(e), 0);
}

static void all_adds_fail_with(enum pool_rc rc)
{
	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.add[i] = rc;
}

/* A signed SERVFAIL: the server has tried it and could not. Three tries, told, and the truth at the end. */
SCENARIO(does_not_repeat_for_ever_what_the_server_cannot)
{
	struct world *e = *state;
	uint64_t from = loop_now(e->loop);

	all_adds_fail_with(POOL_TEMP);
	world.written = POOL_WRITTEN_NO;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 6);
	assert_int_equal(order_world_count(&world.calls, "del"), 0);
	assert_int_equal(order_world_count(&world.events, "retry"), 2);
	assert_non_null(strstr(world.error, "scripted"));
	assert_int_equal(order_world_owed(e), 0);
	assert_true(loop_now(e->loop) - from < 10000);
}

SCENARIO(tries_a_hook_three_times)
{
	struct world *e = *state;

	all_adds_fail_with(POOL_TEMP);
	world.programs = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 6);
}

/* Too many requests, said after one that changed something: the value may be there, and is removed. */
SCENARIO(removes_what_may_have_been_written)
{
	struct world *e = *state;

	all_adds_fail_with(POOL_RATE);
	e->job->cert[0].timeout_ms = 5000;
	world.written = POOL_WRITTEN_MAYBE;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_true(order_world_count(&world.calls, "del") >= 2);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(removes_nothing_that_was_never_written)
{
	struct world *e = *state;

	all_adds_fail_with(POOL_RATE);
	e->job->cert[0].timeout_ms = 5000;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "del"), 0);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(ends_cleaning_within_20_s_of_a_signal)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.del[i] = POOL_TEMP;
	fake_loop_advance(e->loop, 5000);
	assert_true(order_world_count(&world.calls, "del") > 0);
	uint64_t from = loop_now(e->loop);
	order_wind_down(o);
	assert_int_equal(order_world_finish(e, o), ORDER_DONE_OWED);
	assert_true(loop_now(e->loop) - from <= 22000);
}

/* The removals of a round are under way when the order is given up: none is asked for twice. */
SCENARIO(removes_once_when_a_turn_fails)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.most_values = 1;
	for (int i = 0; i < 2000 && !order_world_count(&world.calls, "del"); i++)
		fake_loop_advance(e->loop, 1);
	assert_int_equal(order_world_count(&world.calls, "del"), 1);
	order_broken(o, "given up");
	assert_int_equal(order_world_finish(e, o), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "del"), 1);
	assert_int_equal(world.store.n, 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
