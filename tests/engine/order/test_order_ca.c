/* An order and its CA: "later", lost answers, authorizations of every kind, the account, caches. */
#include "order_case.h"

#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/turn.h"

SCENARIO(tells_a_long_rate_limit)
{
	struct world *e = *state;

	world.neworder_problem = "urn:ietf:params:acme:error:rateLimited";
	world.neworder_retry_after = "3600";
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "rateLimited"));
	assert_non_null(strstr(world.error, "the CA asks to come back after"));
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 1);
	assert_row(e, "abandoned");
}

/* The next run does not ask before the hour is over. */
SCENARIO(keeps_a_long_rate_limit)
{
	struct world *e = *state;

	world.neworder_problem = "urn:ietf:params:acme:error:rateLimited";
	world.neworder_retry_after = "3600";
	order_world_issue(e);
	world.neworder_problem = NULL;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 1);
	fake_loop_advance(e->loop, 3600 * 1000);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.orders, 1);
}

SCENARIO(registers_again_when_the_ca_forgot)
{
	struct world *e = *state;

	order_world_has_account(e, 0);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
	assert_int_equal(world.orders, 1);
	assert_int_equal(order_world_count(&world.calls, "findAccount"), 1);
}

SCENARIO(registers_again_when_the_key_was_lost)
{
	struct world *e = *state;

	order_world_has_account(e, 1);
	world.keeper_key = 1;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
	assert_int_equal(world.orders, 1);
}

SCENARIO(registers_again_at_a_ca_that_stammers_after_its_reset)
{
	struct world *e = *state;

	order_world_has_account(e, 0);
	world.amnesia_status = 500;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
}

SCENARIO(leaves_a_deactivated_account_to_a_person)
{
	struct world *e = *state;

	order_world_has_account(e, 1);
	world.account_deactivated = true;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "does not serve the account"));
	assert_int_equal(order_world_count(&world.calls, "newAccount"), 0);
	assert_int_equal(world.orders, 0);
}

SCENARIO(binds_an_external_account)
{
	struct world *e = *state;

	world.eab = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
}

SCENARIO(stores_no_account_of_another_host)
{
	struct world *e = *state;

	world.account_elsewhere = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "not on the host of its directory"));
	char *kid = ca_account_kid(e->turn, "ca");
	assert_null(kid);
}

/* One answer of each kind at each endpoint, before and after the CA acted. */
static void survives(struct world *e, struct world_fault fault)
{
	world.fault = fault;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.issued, 1);
	assert_int_equal(world.accounts, 1);
	assert_int_equal(world.second_posts, 0);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_row(e, "published");
}

SCENARIO(survives_429_everywhere)
{
	survives(*state, (struct world_fault){.kind = WORLD_PROBLEM, .status = 429, .retry_after = "2"});
	assert_int_equal(world.orders, 1);
}

SCENARIO(survives_shed_load_everywhere)
{
	survives(*state, (struct world_fault){.kind = WORLD_PROBLEM, .status = 503, .times = 3});
	assert_int_equal(world.orders, 1);
}

SCENARIO(survives_html_everywhere)
{
	survives(*state, (struct world_fault){.kind = WORLD_HTML, .status = 502});
	assert_int_equal(world.orders, 1);
}

SCENARIO(survives_html_after_acting_everywhere)
{
	survives(*state, (struct world_fault){.kind = WORLD_HTML, .status = 504, .after_acting = true});
	assert_int_equal(world.orders, 2); /* the first one's URL is not known */
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
}

SCENARIO(survives_lost_answers_everywhere)
{
	survives(*state, (struct world_fault){.kind = WORLD_LOST, .after_acting = true});
	assert_int_equal(world.orders, 2);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

SCENARIO(leaves_an_order_that_the_ca_does_not_answer_for)
{
	struct world *e = *state;

	world.fault = (struct world_fault){.kind = WORLD_HTML, .status = 503, .at = "order", .times = 10000};
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
	assert_row(e, "open");
}

SCENARIO(polls_on_when_the_order_is_not_ready)
{
	struct world *e = *state;

	world.not_ready = 3;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 4);
	assert_int_equal(world.orders, 1);
}

/* Finalize is not sent before the order says ready, and the values do not wait for that. */
SCENARIO(waits_for_an_order_that_lags)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.order_lag_ms = 120 * 1000;
	fake_loop_advance(e->loop, 60 * 1000);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 0);
	assert_int_equal(order_world_finish(e, o), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

SCENARIO(waits_for_an_order_that_is_processing_before_finalize)
{
	struct world *e = *state;

	world.order_lag_ms = 60 * 1000;
	world.lags_as_processing = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

SCENARIO(leaves_an_order_that_never_becomes_ready)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.order_stays_pending = true;
	fake_loop_advance(e->loop, 60 * 1000);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_finish(e, o), ORDER_NOT_DONE);
	assert_row(e, "open");
}

SCENARIO(an_invalid_authorization_ends_the_wait)
{
	struct world *e = *state;
	uint64_t before = loop_now(e->loop);

	world.refuse_validation = true;
	world.refuse_with = "urn:ietf:params:acme:error:caa";
	world.order_stays_pending = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "wrong TXT"));
	assert_true(loop_now(e->loop) - before < 60 * 1000);
	assert_int_equal(world.store.n, 0);
}

SCENARIO(one_authorization_for_two_names)
{
	struct world *e = *state;

	world.authzs = WORLD_SHARED;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 1);
	assert_false(world.early_challenge);
}

SCENARIO(authorizations_in_any_order)
{
	struct world *e = *state;

	world.shuffle = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_false(world.early_challenge);
}

SCENARIO(nothing_to_be_proved)
{
	struct world *e = *state;

	world.authzs = WORLD_NONE;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	assert_int_equal(world.issued, 1);
}

TEST_WITH(an_ancestor_stands_for_its_names, open_below, close_world)
{
	struct world *e = *state;

	world.authzs = WORLD_ANCESTOR;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 1);
	assert_false(world.early_challenge);
	assert_int_equal(order_world_owed(e), 0);
}

SCENARIO(does_not_judge_what_it_does_not_need)
{
	struct world *e = *state;

	world.odd_json = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
}

/* The resolver's cache holds the set of the first order when the second puts other values. */
SCENARIO(outwaits_the_cache_of_the_ca)
{
	struct world *e = *state;
	uint64_t before;

	world.resolver_cache_ms = 60 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	before = loop_now(e->loop);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_true(loop_now(e->loop) - before >= 50 * 1000);
	assert_int_equal(order_world_count(&world.events, "waiting"),
	                 1 + 6); /* at once, after 3, 13 ... 53 s */
	assert_non_null(strstr(world.waiting, "cache of the CA's resolver"));
	assert_int_equal(order_world_count(&world.events, "second-try"), 0);
	assert_int_equal(world.orders, 2);
}

/* Another program's validation filled the cache, so we do not know: the second try comes after it. */
SCENARIO(tries_a_second_time_after_the_cache)
{
	struct world *e = *state;

	order_world_fill_cache(40 * 1000);
	world.resolver_cache_ms = 60 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.orders, 2);
	assert_int_equal(order_world_count(&world.events, "second-try"), 1);
	assert_int_equal(order_world_count(&world.events, "failed"), 0);
	assert_int_equal(order_world_owed(e), 0);
}

/* A set that stood there before has a longer TTL than the one that was asked for. */
SCENARIO(outwaits_the_ttl_that_the_servers_show)
{
	struct world *e = *state;

	world.set_ttl = 200;
	world.resolver_cache_ms = 200 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "second-try"), 0);
	assert_int_equal(world.orders, 2);
}

/* Many programs validate at one name: one of them fills the cache again just before our second value is there. */
SCENARIO(outwaits_a_cache_filled_before_its_second_value)
{
	struct world *e = *state;
	struct order *o;

	order_world_fill_cache(40 * 1000);
	world.resolver_cache_ms = 60 * 1000;
	for (size_t i = 2; i < WORLD_SCRIPT; i++)
		world.add[i] = POOL_RATE;
	o = order_world_start(e, NULL, NULL, 0);
	while (!order_world_count(&world.events, "second-try"))
		fake_loop_advance(e->loop, 100);
	while (order_world_count(&world.calls, "add") < WORLD_SCRIPT) {
		order_world_fill_cache(60 * 1000);
		fake_loop_advance(e->loop, 100);
	}
	assert_int_equal(order_world_finish(e, o), ORDER_DONE);
	assert_int_equal(world.orders, 2);
}

SCENARIO(tries_a_second_time_only_once)
{
	struct world *e = *state;

	world.refuse_validation = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.orders, 2);
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.orders, 3);
	world.refuse_validation = false;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	world.refuse_validation = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.orders, 6); /* a series of its own */
}

int main(void)
{
	return unit_run(NULL, NULL);
}

/* What the CA does not list is for a person, who sees what it lists; nothing is ordered. */
SCENARIO(asks_for_a_profile_that_is_listed)
{
	struct world *e = *state;

	world.profiles = true;
	e->job->cert->profile = xstrdup("shortlived");
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.profiled, "shortlived"), 1);
	free(e->job->cert->profile);
	e->job->cert->profile = xstrdup("short");
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(
	    strstr(world.error, "no profile short; it lists:\n  classic: 90 days\n  shortlived: 6 days"));
	assert_int_equal(world.orders, 1);
}

SCENARIO(asks_no_ca_without_profiles_for_one)
{
	struct world *e = *state;

	e->job->cert->profile = xstrdup("shortlived");
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "--profile none"));
	assert_int_equal(world.orders, 0);
}

/* The CA's other chains are for the keeper to choose from, few of them, and only where one is preferred. */
SCENARIO(offers_alternate_chains_to_the_keeper)
{
	struct world *e = *state;

	world.alternates = 6;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "download"), 1);
	assert_int_equal(world.offered, 0);
	e->job->cert->preferred_chain = xstrdup("Some Root");
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "download"), 1 + 1 + 4);
	assert_int_equal(world.offered, 4);
	assert_int_equal(order_world_count(&world.events, "chain"), 1);
}

SCENARIO(publishes_without_alternate_chains)
{
	struct world *e = *state;

	world.alternates = 2;
	world.alternate_status = 404;
	e->job->cert->preferred_chain = xstrdup("Some Root");
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "publish"), 1);
	assert_int_equal(world.offered, 0);
}
