/* The way of an order, its TXT values, and the way out of it. */
#include "order_case.h"

#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/turn.h"

SCENARIO(issues)
{
	struct world *e = *state;

	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 2);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
	assert_int_equal(order_world_count(&world.calls, "publish"), 1);
	assert_false(world.early_challenge);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_row(e, "published");
}

SCENARIO(waits_for_a_slow_ca)
{
	struct world *e = *state;

	world.validation_ms = 4 * 60 * 1000;
	world.issuance_ms = 9 * 60 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_non_null(strstr(world.waiting, "for the CA to issue the certificate for 5"));
	assert_non_null(strstr(world.waiting, "; it is asked again in 0:"));
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(gives_up_a_silent_ca)
{
	struct world *e = *state;

	world.validation_ms = 24 * 3600 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "10 minutes"));
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
	assert_row(e, "open"); /* the next run goes on with it */
}

SCENARIO(explains_a_refusal)
{
	struct world *e = *state;

	world.refuse_validation = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "*.example.test: unauthorized: wrong TXT"));
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_row(e, "failed");
}

SCENARIO(uses_valid_authorizations)
{
	struct world *e = *state;

	world.reuse = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
}

SCENARIO(takes_turns_where_one_value_is_held)
{
	struct world *e = *state;

	world.most_values = 1;
	world.validation_ms = 2000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 2);
	assert_int_equal(order_world_count(&world.calls, "del"), 2);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_int_equal(world.most_stored, 1);
	assert_int_equal(world.orders, 1);
	assert_int_equal(order_world_owed(e), 0);
}

/* Several names of the certificate are delegated to one. */
TEST_WITH(takes_turns_where_names_share_their_target, open_below, close_world)
{
	struct world *e = *state;

	world.most_values = 1;
	world.target = "_acme.shared.test";
	world.validation_ms = 2000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_int_equal(world.most_stored, 1);
}

SCENARIO(asks_the_provider_whether_it_is_live)
{
	struct world *e = *state;

	world.live_after = 4;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_true(order_world_count(&world.calls, "live") > 4);
}

SCENARIO(tries_an_add_again)
{
	struct world *e = *state;

	world.add[0] = POOL_TEMP;
	world.add[1] = POOL_RATE;
	world.add[2] = POOL_CONFLICT;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 5);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(owes_what_a_dead_call_may_put)
{
	struct world *e = *state;

	world.list = true;
	world.add[0] = POOL_UNKNOWN;
	assert_int_equal(order_world_issue(e), ORDER_DONE_OWED);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 1);
	assert_row(e, "published");
}

SCENARIO(stops_at_a_refused_add)
{
	struct world *e = *state;

	world.add[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 2);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(asks_no_order_when_policy_refuses)
{
	struct world *e = *state;

	world.check = POOL_REFUSED;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
}

SCENARIO(asks_the_order_when_finalize_was_lost)
{
	struct world *e = *state;

	world.lose_finalize = true;
	world.issuance_ms = 3000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

SCENARIO(puts_a_vanished_value_again)
{
	struct world *e = *state;

	world.vanish = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 3);
	assert_int_equal(order_world_count(&world.events, "vanished"), 1);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(names_the_servers_at_the_timeout)
{
	struct world *e = *state;

	world.spread_never = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "ns1: still without it"));
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(winds_down_while_spreading)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.spread_ms = 60 * 1000;
	fake_loop_advance(e->loop, 5000);
	assert_int_equal(world.store.n, 2);
	order_wind_down(o);
	assert_int_equal(order_world_finish(e, o), ORDER_NOT_DONE);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
	assert_row(e, "open");
}

SCENARIO(gives_a_posted_challenge_ten_seconds)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.validation_ms = 6000;
	fake_loop_advance(e->loop, 1000);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	order_wind_down(o);
	assert_int_equal(order_world_finish(e, o), ORDER_DONE);
	assert_int_equal(world.store.n, 0);
}

SCENARIO(keeps_trying_a_removal)
{
	struct world *e = *state;

	world.del[0] = world.del[1] = world.del[2] = POOL_TEMP;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(owes_what_cannot_be_removed)
{
	struct world *e = *state;

	world.del[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_DONE_OWED);
	assert_int_equal(world.store.n, 1);
	assert_int_equal(order_world_owed(e), 1);
}

SCENARIO(does_nothing_that_is_not_written)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	fake_loop_advance(e->loop, 1);
	assert_true(db_script(e->db, "PRAGMA query_only=1", NULL));
	assert_int_equal(order_world_finish(e, o), ORDER_NOT_DONE);
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	assert_true(turn_is_broken(e->turn));
}

SCENARIO(removes_even_when_the_journal_is_broken)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.spread_ms = 60 * 1000;
	fake_loop_advance(e->loop, 5000);
	assert_int_equal(world.store.n, 2);
	assert_true(db_script(e->db, "PRAGMA query_only=1", NULL));
	order_world_finish(e, o);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
	assert_int_equal(world.store.n, 0);
}

SCENARIO(goes_on_with_the_order_of_a_dead_run)
{
	struct world *e = *state;
	order_world_start(e, NULL, NULL, 0);
	struct order_row row = {0};

	world.spread_ms = 60 * 1000;
	fake_loop_advance(e->loop, 5000);
	assert_int_equal(world.store.n, 2);

	/* The run dies here; its rows and the two values stay. */
	const struct order_row dead = {.id = 1,
	                               .run = (char *)"run-1",
	                               .tag = (char *)"t",
	                               .cert = (char *)"example.test",
	                               .ca_account = (char *)"ca",
	                               .names = (char *)"[]",
	                               .key_type = (char *)"p256",
	                               .url = (char *)"https://ca.test/order/0",
	                               .state = ORDER_ROW_OPEN};
	order_row_copy(&row, &dead);
	struct txt **left = xcalloc(2, sizeof(*left));
	for (int i = 0; i < 2; i++) {
		char value[64];
		snprintf(value, sizeof(value), "v-0000000000000000000token-%016d", i);
		const struct intent intent = {.id = i + 1,
		                              .order = 1,
		                              .run = (char *)"run-1",
		                              .name = (char *)apex[i],
		                              .dns_account = (char *)"dns",
		                              .zone = (char *)"example.test",
		                              .owner = (char *)"_acme-challenge.example.test",
		                              .value = value,
		                              .ttl = 60,
		                              .state = INTENT_ADDED};
		left[i] = txt_new(&e->txt_world, &intent);
	}
	world.spread_ms = 0;
	assert_int_equal(order_world_finish(e, order_world_start(e, &row, left, 2)), ORDER_DONE);
	assert_int_equal(world.orders, 1);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	order_row_clear(&row);
}

static void assert_won(struct world *e)
{
	assert_row(e, "issued");
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
}

/* One order, one finalize, whatever happens after issuance. */
static void assert_published_without_a_second_order(struct world *e)
{
	assert_int_equal(order_world_resume(e), ORDER_DONE);
	assert_int_equal(world.orders, 1);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_row(e, "published");
}

SCENARIO(keeps_what_cannot_be_published_yet)
{
	struct world *e = *state;

	world.publish_error = "certs/example.test/live: Is a directory";
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "Is a directory"));
	assert_won(e);
	assert_int_equal(order_world_resume(e), ORDER_NOT_DONE);
	assert_won(e);
	world.publish_error = NULL;
	assert_published_without_a_second_order(e);
}

SCENARIO(keeps_what_cannot_be_downloaded_yet)
{
	struct world *e = *state;

	world.download_status = 404;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_won(e);
	world.download_status = 0;
	assert_published_without_a_second_order(e);
}

/* It does not even reach the keeper. */
static void does_not_take_any_chain(struct world *e, const char *words)
{
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "publish"), 0);
	assert_non_null(strstr(world.error, words));
	assert_won(e);
	world.chain_certs = world.chain_kib = 0;
	assert_published_without_a_second_order(e);
}

SCENARIO(takes_no_chain_of_any_size)
{
	world.chain_kib = 300;
	does_not_take_any_chain(*state, "300 KiB");
}

SCENARIO(takes_no_chain_of_any_length)
{
	world.chain_certs = 10;
	does_not_take_any_chain(*state, "11 certificates");
}

/* The certificate's URL was written down. */
SCENARIO(downloads_although_the_ca_forgot_the_order)
{
	struct world *e = *state;

	world.download_status = 503;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_won(e);
	world.download_status = 0;
	world.order_forgotten = true;
	assert_published_without_a_second_order(e);
}

SCENARIO(ends_an_order_whose_pair_is_wrong)
{
	struct world *e = *state;

	world.publish_error = "the key of this order is lost";
	world.publish_wrong = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_row(e, "failed");
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
