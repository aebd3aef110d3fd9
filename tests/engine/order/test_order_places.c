/* Where the TXT values of an order go: zones, DNS accounts, servers, and what is told meanwhile. */
#include "order_case.h"

#include "engine/journal/spread_times.h"
#include "engine/journal/ca_accounts.h"
#include "engine/journal/turn.h"

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
SCENARIO(asks_every_account)
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

SCENARIO(tells_what_each_account_said)
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

static void accounts_are_both(struct world *e, size_t n)
{
	static const char *const none[3];

	accounts_are(e, none, n);
	for (size_t i = 0; i < n; i++)
		e->job->dns[i].both = true;
}

/* Each value is at each of them, and none is left at any. */
SCENARIO(writes_both_accounts)
{
	struct world *e = *state;
	const int values = (int)e->job->cert[0].names.n;

	accounts_are_both(e, 3);
	e->job->dns[1].both = false;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.checked.n, 2);
	assert_int_equal(world.added.n, 2 * values);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(order_world_count(&world.added, i ? "dns3" : "dns"), values);
		assert_int_equal(order_world_count(&world.deleted, i ? "dns3" : "dns"), values);
	}
	assert_int_equal(world.store.n, 0);
}

/* As one transaction: what one of them took is taken away when the other does not. */
SCENARIO(leaves_none_where_one_of_both_fails)
{
	struct world *e = *state;

	accounts_are_both(e, 2);
	world.add[1] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_in_range(order_world_count(&world.deleted, world.added.at[0]), 1, 2);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 0);
}

/* Nothing is written, nor ordered, where one of them says that it cannot. */
SCENARIO(begins_nothing_where_one_of_both_cannot)
{
	struct world *e = *state;

	accounts_are_both(e, 2);
	world.check_script[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.orders, 0);
	assert_int_equal(world.added.n, 0);
}

/* ... but one that lists no zone may have other zones. */
SCENARIO(writes_one_of_both_where_the_other_has_other_zones)
{
	struct world *e = *state;

	accounts_are_both(e, 2);
	world.check_script[0] = POOL_NOZONE;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.added, "dns"), 0);
	assert_true(order_world_count(&world.added, "dns2") > 0);
}

/* The longest listed ancestor decides, and accounts that list none are not asked then. */
SCENARIO(asks_who_lists_the_zone)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){NULL, "test", "example.test"}, 3);
	world.check_script[0] = POOL_AUTH;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.checked.n, 2);
	assert_string_equal(world.checked.at[0], "dns3");
	assert_string_equal(world.checked.at[1], "dns2");
}

SCENARIO(asks_nobody_who_lists_another_zone)
{
	struct world *e = *state;

	accounts_are(e, (const char *const[]){"other.test", "le.test", "www.example.test"}, 3);
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.checked.n, 0);
	assert_int_equal(world.orders, 0);
}

SCENARIO(a_misspelt_name_is_told_as_that)
{
	struct world *e = *state;

	world.unregistered = true;
	world.check = POOL_NOZONE;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "check the spelling"));
}

/* Hosts that die or hang cost two tries, not three. */
SCENARIO(a_silent_host_is_tried_twice)
{
	struct world *e = *state;

	world.check = POOL_UNKNOWN;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.checked.n, 2);
	assert_int_equal(world.orders, 0);
}

SCENARIO(all_cannot_hold_where_servers_are_left_out)
{
	struct world *e = *state;

	world.cut_short = true;
	e->job->cert[0].wait_for = WAIT_FOR_ALL;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_int_equal(world.checked.n, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
}

SCENARIO(resolvers_are_asked_instead)
{
	struct world *e = *state;

	e->job->cert[0].wait_for = WAIT_FOR_RESOLVER;
	strs_add(&e->job->dns[0].zones, "example.test");
	strs_add(&e->job->dns[0].targets, "**.val.test");
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.spread_asked, 1); /* the zone of this world has no server */
	assert_int_equal(world.spread_whom, WAIT_FOR_RESOLVER);
	assert_int_equal(world.recursive, 1);
	assert_int_equal(world.zones_told, 1);
	assert_int_equal(world.targets_told, 1);
}

SCENARIO(name_servers_are_asked_else)
{
	struct world *e = *state;

	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.recursive, 0);
	assert_int_equal(world.spread_whom, WAIT_FOR_REACHABLE);
	assert_int_equal(world.first_ms, 0);
}

/* A resolver remembers an early no: it is asked late, and later still where that was too early. */
SCENARIO(resolvers_are_asked_late)
{
	struct world *e = *state;

	e->job->cert[0].wait_for = WAIT_FOR_RESOLVER;
	world.early = true;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.first_ms, 5000);
	assert_int_equal(spread_resolver_ms(e->turn, "example.test"), 10000);
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.first_ms, 10000);
	assert_int_equal(world.settled_ms, 0);
	assert_int_equal(spread_learned_ms(e->turn, "example.test"), 0);
}

SCENARIO(resolvers_are_asked_when_the_operator_says)
{
	struct world *e = *state;

	e->job->cert[0].wait_for = WAIT_FOR_RESOLVER;
	e->job->cert[0].settle_ms = 1000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.first_ms, 1000);
	assert_int_equal(spread_resolver_ms(e->turn, "example.test"), 0);
}

SCENARIO(a_settle_time_is_waited)
{
	struct world *e = *state;

	world.settle_ms = 2000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.settled_ms, 2000);
	assert_int_equal(order_world_count(&world.events, "settle"), 0);
}

SCENARIO(an_absurd_settle_time_is_cut_and_told)
{
	struct world *e = *state;

	world.settle_ms = 240000;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(world.settled_ms, 60000);
	assert_int_equal(order_world_count(&world.events, "settle"), 1);
}

SCENARIO(long_waits_are_told)
{
	struct world *e = *state;

	world.spread_ms = 24500;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "waiting"), 3); /* after 3, 13 and 23 s */
}

static void waits_for(struct world *e, const char *what)
{
	struct order *o = order_world_start(e, NULL, NULL, 0);

	fake_loop_advance(e->loop, 14000);
	assert_true(order_world_count(&world.events, "waiting") >= 2);
	if (!world.waiting || !strstr(world.waiting, what))
		fail_msg("told was: %s", world.waiting ? world.waiting : "nothing");
	order_world_finish(e, o);
}

SCENARIO(tells_that_an_add_fails)
{
	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.add[i] = POOL_TEMP;
	waits_for(*state, "to add the TXT record, which failed before: scripted");
}

SCENARIO(tells_that_a_removal_fails)
{
	for (int i = 0; i < WORLD_SCRIPT; i++)
		world.del[i] = POOL_TEMP;
	waits_for(*state, "to remove the TXT record, which failed before: scripted");
}

SCENARIO(tells_that_the_ca_validates)
{
	world.validation_ms = 60000;
	waits_for(*state, "the CA to validate");
}

SCENARIO(tells_that_the_ca_issues)
{
	world.issuance_ms = 60000;
	waits_for(*state, "the CA to issue");
}

SCENARIO(tells_that_the_ca_is_silent)
{
	world.fault =
	    (struct world_fault){.kind = WORLD_PROBLEM, .at = "newOrder", .status = 503, .times = 6};
	waits_for(*state, "the CA to open the order");
}

static void asks_to_wait(struct world *e, const char *at, unsigned times, const char *what)
{
	world.fault = (struct world_fault){
	    .kind = WORLD_PROBLEM, .at = at, .status = 503, .retry_after = "50", .times = times};
	waits_for(e, what);
}

SCENARIO(tells_how_long_the_ca_asks_to_wait)
{
	asks_to_wait(*state, "newOrder", 1, "the CA to open the order: the CA asks to wait; 0:3");
}

SCENARIO(tells_how_long_the_directory_is_waited_for)
{
	asks_to_wait(*state, "directory", 1, "directory and account: the CA asks to wait; 0:3");
}

SCENARIO(tells_how_long_a_nonce_is_waited_for)
{
	asks_to_wait(*state, "newNonce", 2, "the CA asks to wait; 0:3");
}

SCENARIO(tells_how_long_the_account_is_waited_for)
{
	asks_to_wait(*state, "newAccount", 1, "directory and account: the CA asks to wait; 0:3");
}

SCENARIO(tells_that_the_provider_is_not_everywhere)
{
	world.live_after = 30;
	waits_for(*state, "the DNS provider to say");
}

SCENARIO(short_waits_are_not_told)
{
	struct world *e = *state;

	world.spread_ms = 2900;
	assert_int_equal(order_world_issue(e), ORDER_DONE);
	assert_int_equal(order_world_count(&world.events, "waiting"), 0);
}

/* A host that does not start explains why its name server does not answer. */
SCENARIO(tells_why_the_host_is_dead)
{
	struct world *e = *state;

	world.no_server = true;
	world.warm = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
	assert_non_null(strstr(world.error, "scripted"));
	assert_int_equal(world.orders, 0);
}

/* One that dies or is silent at its start may come up in the next run: nobody has to mend anything first. */
SCENARIO(a_host_that_dies_at_its_start_is_no_mistake)
{
	struct world *e = *state;

	world.dead_passes = true;
	world.warm = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "scripted"));
	assert_int_equal(world.orders, 0);
}

SCENARIO(nor_is_one_that_dies_at_the_check)
{
	struct world *e = *state;

	world.dead_passes = true;
	world.check = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_int_equal(world.checked.n, 1);
	assert_int_equal(world.orders, 0);
}

SCENARIO(a_host_that_cannot_start_is_one)
{
	struct world *e = *state;

	world.check = POOL_DEAD;
	assert_int_equal(order_world_issue(e), ORDER_MISCONFIGURED);
}

SCENARIO(tells_that_no_server_answers)
{
	struct world *e = *state;

	world.no_server = true;
	assert_int_equal(order_world_issue(e), ORDER_NOT_DONE);
	assert_non_null(strstr(world.error, "no name server answers"));
}

int main(void)
{
	return unit_run(NULL, NULL);
}
