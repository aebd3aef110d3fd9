/* Runs of `renew` with a backup_ca, in the order machine's scripted world. */
#include "unit.h"

#include "run/renewal_case.h"

#define LIFE (90 * DAY)

static const char *const one[] = {"a.test"};
static const char *const many[] = {"a.test", "b.test", "c.test", "d.test", "e.test",
                                   "f.test", "g.test", "h.test", "i.test", "j.test"};
#define MANY (sizeof(many) / sizeof(many[0]))

static int open_world(void **state)
{
	renewal_open();
	world.life_s = LIFE;
	backup = true;
	return 0;
}

static void fails(enum world_host host, const char *at, int kind, int status, const char *type)
{
	world.fault = (struct world_fault){
	    .kind = kind, .host = host, .at = at, .status = status, .type = type, .times = 1000};
}

/* The CA gives no answer at all. */
static void goes_out(void)
{
	fails(WORLD_FIRST, NULL, WORLD_LOST, 0, NULL);
}

static size_t orders_of_first(void)
{
	return order_world_count(&world.requests, "newOrder");
}

static size_t orders_of_backup(void)
{
	return order_world_count(&world.requests, "backup newOrder");
}

static void no_request_of_backup(void)
{
	for (size_t i = 0; i < world.requests.n; i++)
		if (str_starts(world.requests.at[i], "backup "))
			fail_msg("the backup was asked: %s", world.requests.at[i]);
}

TEST_WITH(three_failures_of_the_ca, open_world, renewal_close)
{
	goes_out();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(renew(one, 1), 1);
		no_request_of_backup();
		wait_s(HOUR);
	}
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(order_world_count(&world.events, "backup"), 1);
	assert_int_equal(orders_of_first(), 0);
	assert_int_equal(orders_of_backup(), 1);
	assert_int_equal(world.issued, 1);
}

/* What the CA refuses for good counts as its silence does, whatever the pauses are. */
TEST_WITH(refusals_of_the_ca, open_world, renewal_close)
{
	fails(WORLD_FIRST, "newOrder", WORLD_PROBLEM, 403, "urn:ietf:params:acme:error:userActionRequired");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(renew(one, 1), 2);
		no_request_of_backup();
		wait_s(DAY + MINUTE);
	}
	size_t asked = orders_of_first();
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(orders_of_first(), asked);
	assert_int_equal(orders_of_backup(), 1);
}

/* The backup's certificate is as good as any, and the next renewal begins with `ca`. */
TEST_WITH(the_next_renewal_begins_with_ca, open_world, renewal_close)
{
	goes_out();
	for (int i = 0; i < 4; i++)
		renew(one, 1);
	assert_int_equal(world.issued, 1);
	world.fault.kind = WORLD_NO_FAULT;
	for (int i = 0; i < 5; i++) {
		wait_s(DAY);
		assert_int_equal(renew(one, 1), 0);
	}
	assert_int_equal(world.orders, 1);
	wait_s(LIFE * 2 / 3);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(orders_of_first(), 1);
	assert_int_equal(orders_of_backup(), 1);
	assert_int_equal(world.issued, 2);
	assert_string_equal(world.replaced.at[1], ""); /* the backup's is none that this CA issued */
}

/* One failure is enough in the last sixth of its life, and not before. */
TEST_WITH(an_urgent_one_at_once, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s() - LIFE + 6 * DAY);
	goes_out();
	assert_int_equal(renew(one, 1), 1);
	no_request_of_backup();
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(orders_of_backup(), 1);
}

TEST_WITH(one_that_is_not_urgent_waits, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s() - LIFE + 20 * DAY);
	goes_out();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(renew(one, 1), 1);
		no_request_of_backup();
	}
	assert_int_equal(renew(one, 1), 0);
}

/* It was never the CA's fault. */
TEST_WITH(failures_of_the_names, open_world, renewal_close)
{
	order_world_publish("a.test", wall_s() - LIFE + DAY);
	world.refuse_validation = true;
	for (int i = 0; i < 6; i++) {
		renew(one, 1);
		wait_s(DAY + MINUTE);
	}
	no_request_of_backup();
	assert_true(orders_of_first() >= 5);
}

TEST_WITH(failures_of_the_dns_account, open_world, renewal_close)
{
	world.add_each = POOL_AUTH;
	for (int i = 0; i < 20; i++)
		world.add[i % WORLD_SCRIPT] = POOL_AUTH;
	for (int i = 0; i < 5; i++) {
		renew(one, 1);
		wait_s(DAY + MINUTE);
	}
	no_request_of_backup();
}

static void refused_names(const char *type)
{
	open_world(NULL);
	fails(WORLD_FIRST, "newOrder", WORLD_PROBLEM, 403, type);
	for (int i = 0; i < 5; i++) {
		assert_int_not_equal(renew(one, 1), 0);
		wait_s(DAY + MINUTE);
	}
	no_request_of_backup();
	renewal_close(NULL);
}

TEST(what_the_ca_refuses_of_the_names)
{
	refused_names("urn:ietf:params:acme:error:rejectedIdentifier");
	refused_names("urn:ietf:params:acme:error:caa");
	refused_names("urn:ietf:params:acme:error:dns");
}

/* A failure of another kind, or a changed setting, and the row begins anew. */
TEST_WITH(in_a_row, open_world, renewal_close)
{
	goes_out();
	for (int i = 0; i < 2; i++)
		assert_int_equal(renew(one, 1), 1);
	fails(WORLD_FIRST, "newOrder", WORLD_PROBLEM, 403, "urn:ietf:params:acme:error:caa");
	assert_int_equal(renew(one, 1), 1);
	goes_out();
	for (int i = 0; i < 2; i++) {
		wait_s(DAY);
		assert_int_equal(renew(one, 1), 1);
	}
	depends = "2";
	for (int i = 0; i < 3; i++) {
		assert_int_equal(renew(one, 1), 1);
		no_request_of_backup();
	}
	assert_int_equal(renew(one, 1), 0);
}

/* One order there; then `ca` has its turn again. */
static void backup_fails(int kind, int status, const char *type)
{
	open_world(NULL);
	goes_out();
	for (int i = 0; i < 3; i++)
		renew(one, 1);
	fails(WORLD_BACKUP, "newOrder", kind, status, type);
	assert_int_equal(renew(one, 1), 1);
	size_t asked = orders_of_backup();
	assert_in_range(asked, 1, 30);
	assert_int_equal(orders_of_first(), 0);
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(orders_of_first(), 1);
	assert_int_equal(orders_of_backup(), asked);
	assert_int_equal(world.issued, 1);
	renewal_close(NULL);
}

TEST(a_failure_of_the_backup_ends_its_use)
{
	backup_fails(WORLD_PROBLEM, 403, "urn:ietf:params:acme:error:caa");
	backup_fails(WORLD_PROBLEM, 503, "urn:ietf:params:acme:error:serverInternal");
	backup_fails(WORLD_LOST, 0, NULL);
}

/* The certificate that the backup issued is published by the next run, and not ordered elsewhere. */
TEST_WITH(what_the_backup_issued_is_kept, open_world, renewal_close)
{
	goes_out();
	for (int i = 0; i < 3; i++)
		renew(one, 1);
	world.publish_error = "the disk is full";
	assert_int_equal(renew(one, 1), 1);
	world.publish_error = NULL;
	world.fault.kind = WORLD_NO_FAULT;
	assert_int_equal(renew(one, 1), 0);
	assert_int_equal(world.orders, 1);
	assert_int_equal(orders_of_first(), 0);
}

/* An order that was begun at `ca` is given up once the backup has issued: no run goes on with it. */
TEST_WITH(the_order_at_ca_is_given_up, open_world, renewal_close)
{
	fails(WORLD_FIRST, "authorization", WORLD_LOST, 0, NULL);
	for (int i = 0; i < 3; i++)
		assert_int_equal(renew(one, 1), 1);
	assert_int_equal(orders_of_first(), 1);
	assert_int_equal(renew(one, 1), 0);
	world.fault.kind = WORLD_NO_FAULT;
	size_t looks = order_world_count(&world.requests, "order");
	for (int i = 0; i < 3; i++) {
		wait_s(DAY);
		assert_int_equal(renew(one, 1), 0);
	}
	assert_int_equal(order_world_count(&world.requests, "order"), looks);
	assert_int_equal(orders_of_backup(), 1);
	assert_int_equal(world.issued, 1);
	assert_int_equal(order_world_count(&world.calls, "discard"), 1);
}

/* A CA that is out is tried by few (run/stops.h), and all go to the backup. */
TEST_WITH(what_was_not_tried_counts, open_world, renewal_close)
{
	goes_out();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(renew(many, MANY), 1);
		no_request_of_backup();
		wait_s(HOUR);
	}
	assert_int_equal(renew(many, MANY), 0);
	assert_int_equal(orders_of_backup(), MANY);
	assert_int_equal(world.issued, MANY);
}

/* A wait that the CA asked for is borne, but not by what is urgent. */
TEST_WITH(a_ca_that_asks_for_patience, open_world, renewal_close)
{
	fails(WORLD_FIRST, "newOrder", WORLD_PROBLEM, 429, NULL);
	world.fault.retry_after = "86400";
	order_world_publish("b.test", wall_s() - LIFE + 20 * DAY);
	order_world_publish("a.test", wall_s() - LIFE + 6 * DAY);
	assert_int_equal(renew(many, 2), 1);
	for (int i = 0; i < 6; i++) {
		wait_s(HOUR);
		renew(many, 2);
	}
	assert_int_equal(orders_of_backup(), 1);
	assert_int_equal(order_world_published("b.test"), RENEWAL_START - LIFE + 20 * DAY);
	assert_int_equal(orders_of_first(), 2);
}

/* Its own CA is tried again and again. */
TEST_WITH(without_a_backup, open_world, renewal_close)
{
	backup = false;
	order_world_publish("a.test", wall_s() - LIFE + DAY);
	goes_out();
	for (int i = 0; i < 5; i++)
		assert_int_equal(renew(one, 1), 1);
	no_request_of_backup();
}

int main(void)
{
	return unit_run(NULL, NULL);
}
