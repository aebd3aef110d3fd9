/* Certificates of two key types, in the order machine's scripted world: two orders, one publication. */
#include "unit.h"

#include "run/renewal_case.h"

#define LIFE (90 * DAY)

static const char *const one[] = {"a.test"};

static int open_world(void **state)
{
	renewal_open();
	world.life_s = LIFE;
	world.second = "rsa2048";
	world.reuse_later = true;
	return 0;
}

static size_t generations(const char *types)
{
	return order_world_count(&world.generations, types);
}

static unsigned orders_of_one(int expected)
{
	unsigned before = world.orders;

	assert_int_equal(renew(one, 1), expected);
	return world.orders - before;
}

/* The second needs no validation of its own, and both are renewed at one time. */
TEST_WITH(one_validation_and_one_publication, open_world, renewal_close)
{
	assert_int_equal(orders_of_one(0), 2);
	assert_int_equal(order_world_count(&world.calls, "add"), 1);
	assert_int_equal(order_world_count(&world.calls, "challenge"), 1);
	assert_int_equal(generations("p256 rsa2048"), 1);
	assert_int_equal(world.generations.n, 1);
	assert_int_equal(orders_of_one(0), 0);
	wait_s(LIFE / 3 * 2 + DAY);
	assert_int_equal(orders_of_one(0), 2);
	assert_int_equal(generations("p256 rsa2048"), 2);
	assert_int_equal(world.replaced.n, 4);
}

/* Where the CA validates again, values are put again. */
TEST_WITH(the_second_may_be_validated_too, open_world, renewal_close)
{
	world.reuse_later = false;
	assert_int_equal(orders_of_one(0), 2);
	assert_int_equal(order_world_count(&world.calls, "add"), 2);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(generations("p256 rsa2048"), 1);
}

/* The first is published; the second is tried again alone, after its pause. */
TEST_WITH(the_second_fails, open_world, renewal_close)
{
	world.badcsr = "rsa2048";
	assert_int_equal(orders_of_one(1), 2);
	assert_int_equal(generations("p256"), 1);
	assert_int_equal(orders_of_one(0), 0); /* it rests */
	wait_s(2 * DAY);
	world.badcsr = NULL;
	assert_int_equal(orders_of_one(0), 1);
	assert_int_equal(generations("rsa2048"), 1);
	assert_int_equal(orders_of_one(0), 0);
}

/* Nothing is published, and for the second nothing is ordered. */
TEST_WITH(the_first_fails, open_world, renewal_close)
{
	world.badcsr = "p256";
	assert_int_equal(orders_of_one(1), 1);
	assert_int_equal(world.generations.n, 0);
	assert_int_equal(world.store.n, 0);
}

TEST_WITH(the_keeper_finds_the_second_wrong, open_world, renewal_close)
{
	world.wrong_type = "rsa2048";
	world.wrongs = 1;
	assert_int_equal(orders_of_one(1), 2);
	assert_int_equal(generations("p256"), 1);
	assert_int_equal(world.generations.n, 1);
}

/* The second is won, so it is kept. */
TEST_WITH(the_keeper_finds_the_first_wrong, open_world, renewal_close)
{
	world.wrong_type = "p256";
	world.wrongs = 1;
	assert_int_equal(orders_of_one(1), 2);
	assert_int_equal(world.generations.n, 0);
	retry = true;
	assert_int_equal(orders_of_one(0), 1);
	assert_int_equal(generations("p256 rsa2048"), 1);
}

/* Neither is ordered again when both are won but cannot be published. */
TEST_WITH(what_cannot_be_published_is_kept, open_world, renewal_close)
{
	world.publish_error = "No space left on device";
	assert_int_equal(orders_of_one(1), 2);
	world.publish_error = NULL;
	assert_int_equal(orders_of_one(0), 0);
	assert_int_equal(generations("p256 rsa2048"), 2); /* the first was in vain */
	assert_int_equal(order_world_count(&world.calls, "finalize"), 2);
}

static void die_after(const char *call, size_t times)
{
	char *name = xasprintf("run-%u", ++runs);

	order_world_job(one, 1, name, 0);
	e->job->renew = true;
	e->job->cert[0].depends = xstrdup(depends);
	code = -1;
	run = run_new(e, renewal_over, NULL);
	while (code < 0 && order_world_count(&world.calls, call) < times)
		fake_loop_advance(e->loop, 1);
	run_free(run);
	order_world_next(e);
	free(name);
}

/* Killed between the two: the certificate that was won waits, and no order is made twice. */
TEST_WITH(killed_between_both, open_world, renewal_close)
{
	die_after("finalize", 2);
	assert_int_equal(world.orders, 2);
	assert_int_equal(world.generations.n, 0);
	assert_int_equal(orders_of_one(0), 0);
	assert_int_equal(generations("p256 rsa2048"), 1);
	assert_int_equal(order_world_count(&world.calls, "publish"), 1);
	assert_int_equal(world.store.n, 0);
}

/* An order for another key type than before; the one that is there and young stays. */
TEST_WITH(a_second_type_is_wanted_later, open_world, renewal_close)
{
	world.second = NULL;
	assert_int_equal(orders_of_one(0), 1);
	world.second = "rsa2048";
	assert_int_equal(orders_of_one(0), 1);
	assert_int_equal(generations("rsa2048"), 1);
	assert_int_equal(orders_of_one(0), 0);
}

/* Each certificate has its own advice: what the CA says of either makes both due. */
TEST_WITH(each_says_what_it_replaces, open_world, renewal_close)
{
	world.advises = true;
	assert_int_equal(orders_of_one(0), 2);
	wait_s(LIFE / 3 * 2 + 2 * DAY);
	assert_int_equal(orders_of_one(0), 2);
	assert_int_equal(world.replaced.n, 4);
	assert_true(*world.replaced.at[2] && *world.replaced.at[3]);
	assert_string_not_equal(world.replaced.at[2], world.replaced.at[3]);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
