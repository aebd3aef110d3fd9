#include "unit.h"

#include "common/mem.h"
#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/turn.h"
#include "fake_loop.h"
#include "order_world.h"

static const char *const apex[] = {"example.test", "*.example.test"};

static int open_apex(void **state)
{
	*state = order_world_open(apex, 2);
	return 0;
}

static int open_below(void **state)
{
	static const char *const names[] = {"a.example.test", "*.b.example.test"};

	*state = order_world_open(names, 2);
	return 0;
}

static int close_world(void **state)
{
	order_world_close(*state);
	return 0;
}

static void assert_row(struct world *e, const char *wanted)
{
	char *state = order_world_row_state(e);

	assert_string_equal(state, wanted);
	free(state);
}

static void issues(void **state)
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

static void waits_for_a_slow_ca(void **state)
{
	struct world *e = *state;

	world.validation_ms = 4 * 60 * 1000;
	world.issuance_ms = 9 * 60 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_owed(e), 0);
}

static void gives_up_a_silent_ca(void **state)
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

static void explains_a_refusal(void **state)
{
	struct world *e = *state;

	world.refuse_validation = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "*.example.test: unauthorized: wrong TXT"));
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
	assert_row(e, "failed");
}

static void uses_valid_authorizations(void **state)
{
	struct world *e = *state;

	world.reuse = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
}

static void takes_turns_where_one_value_is_held(void **state)
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

static void asks_the_provider_whether_it_is_live(void **state)
{
	struct world *e = *state;

	world.live_after = 4;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_true(order_world_count(&world.calls, "live") > 4);
}

static void tries_an_add_again(void **state)
{
	struct world *e = *state;

	world.add[0] = POOL_TEMP;
	world.add[1] = POOL_RATE;
	world.add[2] = POOL_CONFLICT;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 5);
	assert_int_equal(order_world_owed(e), 0);
}

static void owes_what_a_dead_call_may_put(void **state)
{
	struct world *e = *state;

	world.list = true;
	world.add[0] = POOL_UNKNOWN;
	assert_int_equal(order_world_issue(e), ORDER_DONE_OWED);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 1);
	assert_row(e, "published");
}

static void stops_at_a_refused_add(void **state)
{
	struct world *e = *state;

	world.add[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 2);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
}

static void asks_no_order_when_policy_refuses(void **state)
{
	struct world *e = *state;

	world.check = POOL_REFUSED;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
}

/* n DNS accounts; each lists its zone, NULL = none. */
static void accounts_are(struct world *e, const char *const *zone, size_t n)
{
	struct job *j = e->job;

	for (size_t i = 1; i < n; i++) {
		char *name = xasprintf("dns%zu", i + 1);

		j->dns = xgrow(j->dns, j->dnss, sizeof(*j->dns));
		j->dns[j->dnss++] = (struct job_dns){.account = xstrdup(name), .provider = xstrdup("fake")};
		strs_add(&j->cert[0].dns, name);
		free(name);
	}
	for (size_t i = 0; i < n; i++)
		if (zone[i])
			strs_add(&j->dns[i].zones, zone[i]);
}

/* Whatever the first ones say, all that may serve the zone are asked. */
static void asks_every_account(void **state)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){NULL, NULL, NULL}, 3);
	world.check_script[0] = POOL_AUTH;
	world.check_script[1] = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_string_equal(world.checked.at[2], "dns3");
	assert_int_equal(world.checked.n, 3);
	assert_int_equal(world.orders, 1);
}

static void tells_what_each_account_said(void **state)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){NULL, NULL, NULL}, 3);
	world.check_script[0] = POOL_AUTH;
	world.check_script[1] = POOL_NOZONE;
	world.check_script[2] = POOL_REFUSED;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.checked.n, 3);
	assert_non_null(strstr(world.error, "\n  dns: "));
	assert_non_null(strstr(world.error, "\n  dns2: "));
	assert_non_null(strstr(world.error, "\n  dns3: "));
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
}

/* The longest listed ancestor decides, and accounts that list none are not asked then. */
static void asks_who_lists_the_zone(void **state)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){NULL, "test", "example.test"}, 3);
	world.check_script[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.checked.n, 2);
	assert_string_equal(world.checked.at[0], "dns3");
	assert_string_equal(world.checked.at[1], "dns2");
}

static void asks_nobody_who_lists_another_zone(void **state)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){"other.test", "le.test", "www.example.test"}, 3);
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.checked.n, 0);
	assert_int_equal(world.orders, 0);
}

static void a_misspelt_name_is_told_as_that(void **state)
{
	struct world *e = *state;

	world.unregistered = true;
	world.check = POOL_NOZONE;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "check the spelling"));
}

/* Hosts that die or hang cost two tries, not three. */
static void a_silent_host_is_tried_twice(void **state)
{
	struct world *e = *state;

	world.check = POOL_UNKNOWN;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.checked.n, 2);
	assert_int_equal(world.orders, 0);
}

static void all_cannot_hold_where_servers_are_left_out(void **state)
{
	struct world *e = *state;

	world.cut_short = true;
	e->job->cert[0].wait_for = WAIT_FOR_ALL;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.checked.n, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
}

static void resolvers_are_asked_instead(void **state)
{
	struct world *e = *state;

	e->job->cert[0].wait_for = WAIT_FOR_RESOLVER;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.spread_asked, 1); /* the zone of this world has no server */
}

static void long_waits_are_told(void **state)
{
	struct world *e = *state;

	world.spread_ms = 24500;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "waiting"), 3); /* after 3, 13 and 23 s */
}

static void short_waits_are_not_told(void **state)
{
	struct world *e = *state;

	world.spread_ms = 2900;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "waiting"), 0);
}

/* A host that does not start explains why its name server does not answer. */
static void tells_why_the_host_is_dead(void **state)
{
	struct world *e = *state;

	world.no_server = true;
	world.warm = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "scripted"));
	assert_int_equal(world.orders, 0);
}

static void tells_that_no_server_answers(void **state)
{
	struct world *e = *state;

	world.no_server = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "no name server answers"));
}

static void tells_a_long_rate_limit(void **state)
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
static void keeps_a_long_rate_limit(void **state)
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

static void registers_again_when_the_ca_forgot(void **state)
{
	struct world *e = *state;

	order_world_has_account(e, 0);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
	assert_int_equal(world.orders, 1);
	assert_int_equal(order_world_count(&world.calls, "findAccount"), 1);
}

static void registers_again_when_the_key_was_lost(void **state)
{
	struct world *e = *state;

	order_world_has_account(e, 1);
	world.keeper_key = 1;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
	assert_int_equal(world.orders, 1);
}

static void registers_again_at_a_ca_that_stammers_after_its_reset(void **state)
{
	struct world *e = *state;

	order_world_has_account(e, 0);
	world.amnesia_status = 500;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
}

static void leaves_a_deactivated_account_to_a_person(void **state)
{
	struct world *e = *state;

	order_world_has_account(e, 1);
	world.account_deactivated = true;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "does not serve the account"));
	assert_int_equal(order_world_count(&world.calls, "newAccount"), 0);
	assert_int_equal(world.orders, 0);
}

static void binds_an_external_account(void **state)
{
	struct world *e = *state;

	world.eab = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.accounts, 1);
}

static void stores_no_account_of_another_host(void **state)
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

static void survives_429_everywhere(void **state)
{
	survives(*state, (struct world_fault){.kind = WORLD_PROBLEM, .status = 429, .retry_after = "2"});
	assert_int_equal(world.orders, 1);
}

static void survives_shed_load_everywhere(void **state)
{
	survives(*state, (struct world_fault){.kind = WORLD_PROBLEM, .status = 503, .times = 3});
	assert_int_equal(world.orders, 1);
}

static void survives_html_everywhere(void **state)
{
	survives(*state, (struct world_fault){.kind = WORLD_HTML, .status = 502});
	assert_int_equal(world.orders, 1);
}

static void survives_html_after_acting_everywhere(void **state)
{
	survives(*state, (struct world_fault){.kind = WORLD_HTML, .status = 504, .after_acting = true});
	assert_int_equal(world.orders, 2); /* the first one's URL is not known */
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
}

static void survives_lost_answers_everywhere(void **state)
{
	survives(*state, (struct world_fault){.kind = WORLD_LOST, .after_acting = true});
	assert_int_equal(world.orders, 2);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

static void leaves_an_order_that_the_ca_does_not_answer_for(void **state)
{
	struct world *e = *state;

	world.fault = (struct world_fault){.kind = WORLD_HTML, .status = 503, .at = "order", .times = 10000};
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
	assert_row(e, "open");
}

static void polls_on_when_the_order_is_not_ready(void **state)
{
	struct world *e = *state;

	world.not_ready = 3;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 4);
	assert_int_equal(world.orders, 1);
}

/* Finalize is not sent before the order says ready, and the values do not wait for that. */
static void waits_for_an_order_that_lags(void **state)
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

static void waits_for_an_order_that_is_processing_before_finalize(void **state)
{
	struct world *e = *state;

	world.order_lag_ms = 60 * 1000;
	world.lags_as_processing = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

static void leaves_an_order_that_never_becomes_ready(void **state)
{
	struct world *e = *state;
	struct order *o = order_world_start(e, NULL, NULL, 0);

	world.order_stays_pending = true;
	fake_loop_advance(e->loop, 60 * 1000);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_finish(e, o), ORDER_NOT_DONE);
	assert_row(e, "open");
}

static void an_invalid_authorization_ends_the_wait(void **state)
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

static void one_authorization_for_two_names(void **state)
{
	struct world *e = *state;

	world.authzs = WORLD_SHARED;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 1);
	assert_false(world.early_challenge);
}

static void authorizations_in_any_order(void **state)
{
	struct world *e = *state;

	world.shuffle = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
	assert_false(world.early_challenge);
}

static void nothing_to_be_proved(void **state)
{
	struct world *e = *state;

	world.authzs = WORLD_NONE;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	assert_int_equal(world.issued, 1);
}

static void an_ancestor_stands_for_its_names(void **state)
{
	struct world *e = *state;

	world.authzs = WORLD_ANCESTOR;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 1);
	assert_false(world.early_challenge);
	assert_int_equal(order_world_owed(e), 0);
}

static void does_not_judge_what_it_does_not_need(void **state)
{
	struct world *e = *state;

	world.odd_json = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 2);
}

/* The resolver's cache holds the set of the first order when the second puts other values. */
static void outwaits_the_cache_of_the_ca(void **state)
{
	struct world *e = *state;
	uint64_t before;

	world.resolver_cache_ms = 60 * 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	before = loop_now(e->loop);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_true(loop_now(e->loop) - before >= 50 * 1000);
	assert_int_equal(order_world_count(&world.events, "waiting"), 1);
	assert_int_equal(order_world_count(&world.events, "second-try"), 0);
	assert_int_equal(world.orders, 2);
}

/* Another program's validation filled the cache, so we do not know: the second try comes after it. */
static void tries_a_second_time_after_the_cache(void **state)
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

static void tries_a_second_time_only_once(void **state)
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

static void asks_the_order_when_finalize_was_lost(void **state)
{
	struct world *e = *state;

	world.lose_finalize = true;
	world.issuance_ms = 3000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "finalize"), 1);
}

static void puts_a_vanished_value_again(void **state)
{
	struct world *e = *state;

	world.vanish = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.calls, "add"), 3);
	assert_int_equal(order_world_count(&world.events, "vanished"), 1);
	assert_int_equal(order_world_owed(e), 0);
}

static void names_the_servers_at_the_timeout(void **state)
{
	struct world *e = *state;

	world.spread_never = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "ns1: still without it"));
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_owed(e), 0);
}

static void winds_down_while_spreading(void **state)
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

static void gives_a_posted_challenge_ten_seconds(void **state)
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

static void keeps_trying_a_removal(void **state)
{
	struct world *e = *state;

	world.del[0] = world.del[1] = world.del[2] = POOL_TEMP;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_owed(e), 0);
}

static void owes_what_cannot_be_removed(void **state)
{
	struct world *e = *state;

	world.del[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_DONE_OWED);
	assert_int_equal(world.store.n, 1);
	assert_int_equal(order_world_owed(e), 1);
}

static void does_nothing_that_is_not_written(void **state)
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

static void removes_even_when_the_journal_is_broken(void **state)
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

static void goes_on_with_the_order_of_a_dead_run(void **state)
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

static void keeps_what_cannot_be_published_yet(void **state)
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

static void keeps_what_cannot_be_downloaded_yet(void **state)
{
	struct world *e = *state;

	world.download_status = 404;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_won(e);
	world.download_status = 0;
	assert_published_without_a_second_order(e);
}

/* The certificate's URL was written down. */
static void downloads_although_the_ca_forgot_the_order(void **state)
{
	struct world *e = *state;

	world.download_status = 503;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_won(e);
	world.download_status = 0;
	world.order_forgotten = true;
	assert_published_without_a_second_order(e);
}

static void ends_an_order_whose_pair_is_wrong(void **state)
{
	struct world *e = *state;

	world.publish_error = "the key of this order is lost";
	world.publish_wrong = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_row(e, "failed");
	assert_int_equal(order_world_count(&world.calls, "deactivate"), 0);
}

/* The time until which a call may take effect is that of the last one sent, not of the first. */
static void renews_the_doubt_before_each_sending(void **state)
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
static void owes_nothing_after_a_conflict(void **state)
{
	struct world *e = *state;

	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.add[i] = i % 2 ? POOL_RATE : POOL_CONFLICT;
	world.del[0] = POOL_OK;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_owed(e), 0);
}

/* Its "deleted" is looked at where it can list. */
static void does_not_believe_a_false_deletion(void **state)
{
	struct world *e = *state;

	world.list = true;
	world.del_lies = 2;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "del"), 4);
}

static void owes_what_stays_after_false_deletions(void **state)
{
	struct world *e = *state;

	world.list = true;
	world.del_lies = 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE_OWED);
	assert_int_equal(order_world_owed(e), 2);
}

static void ends_cleaning_within_20_s_of_a_signal(void **state)
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
static void removes_once_when_a_turn_fails(void **state)
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

#define SCENARIO(f) cmocka_unit_test_setup_teardown(f, open_apex, close_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    SCENARIO(issues),
	    SCENARIO(waits_for_a_slow_ca),
	    SCENARIO(gives_up_a_silent_ca),
	    SCENARIO(explains_a_refusal),
	    SCENARIO(uses_valid_authorizations),
	    SCENARIO(takes_turns_where_one_value_is_held),
	    SCENARIO(asks_the_provider_whether_it_is_live),
	    SCENARIO(tries_an_add_again),
	    SCENARIO(owes_what_a_dead_call_may_put),
	    SCENARIO(stops_at_a_refused_add),
	    SCENARIO(asks_no_order_when_policy_refuses),
	    SCENARIO(asks_every_account),
	    SCENARIO(tells_what_each_account_said),
	    SCENARIO(asks_who_lists_the_zone),
	    SCENARIO(asks_nobody_who_lists_another_zone),
	    SCENARIO(a_misspelt_name_is_told_as_that),
	    SCENARIO(a_silent_host_is_tried_twice),
	    SCENARIO(all_cannot_hold_where_servers_are_left_out),
	    SCENARIO(resolvers_are_asked_instead),
	    SCENARIO(long_waits_are_told),
	    SCENARIO(short_waits_are_not_told),
	    SCENARIO(tells_a_long_rate_limit),
	    SCENARIO(keeps_a_long_rate_limit),
	    SCENARIO(tells_why_the_host_is_dead),
	    SCENARIO(tells_that_no_server_answers),
	    SCENARIO(registers_again_when_the_ca_forgot),
	    SCENARIO(registers_again_when_the_key_was_lost),
	    SCENARIO(registers_again_at_a_ca_that_stammers_after_its_reset),
	    SCENARIO(leaves_a_deactivated_account_to_a_person),
	    SCENARIO(binds_an_external_account),
	    SCENARIO(stores_no_account_of_another_host),
	    SCENARIO(survives_429_everywhere),
	    SCENARIO(survives_shed_load_everywhere),
	    SCENARIO(survives_html_everywhere),
	    SCENARIO(survives_html_after_acting_everywhere),
	    SCENARIO(survives_lost_answers_everywhere),
	    SCENARIO(leaves_an_order_that_the_ca_does_not_answer_for),
	    SCENARIO(polls_on_when_the_order_is_not_ready),
	    SCENARIO(waits_for_an_order_that_lags),
	    SCENARIO(waits_for_an_order_that_is_processing_before_finalize),
	    SCENARIO(leaves_an_order_that_never_becomes_ready),
	    SCENARIO(an_invalid_authorization_ends_the_wait),
	    SCENARIO(one_authorization_for_two_names),
	    SCENARIO(authorizations_in_any_order),
	    SCENARIO(nothing_to_be_proved),
	    cmocka_unit_test_setup_teardown(an_ancestor_stands_for_its_names, open_below, close_world),
	    SCENARIO(does_not_judge_what_it_does_not_need),
	    SCENARIO(outwaits_the_cache_of_the_ca),
	    SCENARIO(tries_a_second_time_after_the_cache),
	    SCENARIO(tries_a_second_time_only_once),
	    SCENARIO(asks_the_order_when_finalize_was_lost),
	    SCENARIO(puts_a_vanished_value_again),
	    SCENARIO(names_the_servers_at_the_timeout),
	    SCENARIO(winds_down_while_spreading),
	    SCENARIO(gives_a_posted_challenge_ten_seconds),
	    SCENARIO(keeps_trying_a_removal),
	    SCENARIO(owes_what_cannot_be_removed),
	    SCENARIO(does_nothing_that_is_not_written),
	    SCENARIO(removes_even_when_the_journal_is_broken),
	    SCENARIO(goes_on_with_the_order_of_a_dead_run),
	    SCENARIO(keeps_what_cannot_be_published_yet),
	    SCENARIO(renews_the_doubt_before_each_sending),
	    SCENARIO(owes_nothing_after_a_conflict),
	    SCENARIO(does_not_believe_a_false_deletion),
	    SCENARIO(owes_what_stays_after_false_deletions),
	    SCENARIO(ends_cleaning_within_20_s_of_a_signal),
	    SCENARIO(removes_once_when_a_turn_fails),
	    SCENARIO(keeps_what_cannot_be_downloaded_yet),
	    SCENARIO(downloads_although_the_ca_forgot_the_order),
	    SCENARIO(ends_an_order_whose_pair_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
