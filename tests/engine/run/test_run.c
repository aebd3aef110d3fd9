/* A run from its job to its exit code, in the order machine's scripted world. */
#include "unit.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "engine/journal/runs.h"
#include "engine/journal/schema.h"
#include "engine/journal/turn.h"
#include "order/order_world.h"
#include "engine/run/caps.h"
#include "engine/run/run.h"
#include "fake_loop.h"

static const char *const one[] = {"example.test"};

static struct world *e;
static struct run *run;
static int code;

static void run_over(void *arg, int exit_code)
{
	code = exit_code;
}

static int open_world(void **state)
{
	e = order_world_prepare(1);
	run = NULL;
	code = -1;
	return 0;
}

static int close_world(void **state)
{
	run_free(run);
	order_world_close(e);
	return 0;
}

/* A journal as another program has it, before the run or beside it. */
static void with_journal(const char *sql)
{
	bool person;
	struct err err;
	struct db *d = journal_open(e->job->state, &person, &err);

	assert_non_null(d);
	if (!db_script(d, sql, &err))
		fail_msg("%s", err.text);
	db_close(d);
}

static int finish(uint64_t ms)
{
	for (uint64_t i = 0; i < ms && code < 0; i += 1000)
		fake_loop_advance(e->loop, 1000);
	return code;
}

static void start(void)
{
	run = run_new(e, run_over, NULL);
}

static bool first_number(void *arg, struct db_row *r)
{
	*(int64_t *)arg = db_int(r, 0);
	return false;
}

static int64_t number(const char *sql)
{
	int64_t n = -1;
	struct err err;

	assert_true(db_each(e->db, &err, first_number, &n, sql, ""));
	return n;
}

static int64_t owed(void)
{
	return order_world_owed(e);
}

TEST_WITH(issues, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(world.orders, 1);
	assert_int_equal(owed(), 0);
}

/* What one certificate says of its name servers is not said of the others, and stays with its values. */
TEST_WITH(name_servers_belong_to_the_certificate, open_world, close_world)
{
	static const char *const three[] = {"a.test", "b.test", "c.test"};

	order_world_job(three, 3, "run-1", 0);
	strs_add(&e->job->cert[1].servers, "test=192.0.2.1");
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(world.looked_up.n, 3);
	assert_true(strs_has(&world.looked_up, "_acme-challenge.a.test at any"));
	assert_true(strs_has(&world.looked_up, "_acme-challenge.b.test at test=192.0.2.1"));
	assert_true(strs_has(&world.looked_up, "_acme-challenge.c.test at any"));
	assert_int_equal(e->resolutions, 2);
	assert_int_equal(number("SELECT count(*) FROM intents WHERE owner='_acme-challenge.b.test' AND"
	                        " resolution='{\"name_servers\":[\"test=192.0.2.1\"],\"resolver\":[]}'"),
	                 1);
}

static void renewal(const char *const *certs, size_t n, bool named)
{
	order_world_job(certs, n, "run-1", 0);
	e->job->renew = true;
	e->job->named = named;
}

/* Most are not due in most runs: nothing is claimed, started or said for them. */
TEST_WITH(renew_does_nothing_for_what_is_not_due, open_world, close_world)
{
	renewal(one, 1, false);
	world.has_certificate = true;
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(world.requests.n, 0);
	assert_int_equal(world.checked.n, 0);
	assert_int_equal(world.warms, 0);
}

/* Only where nothing could begin is a mistake in one certificate the whole run's. */
TEST_WITH(renew_goes_on_beside_a_mistake, open_world, close_world)
{
	static const char *const two[] = {"a.test", "b.test"};

	renewal(two, 2, false);
	e->job->cert[0].dns.at[0][0] = 'x'; /* an account that is gone */
	start();
	assert_int_equal(finish(60000), 1);
	assert_int_equal(world.orders, 1);
	assert_int_equal(world.issued, 1);
}

TEST_WITH(renew_ends_with_2_when_nothing_could_begin, open_world, close_world)
{
	renewal(one, 1, false);
	e->job->cert[0].dns.at[0][0] = 'x';
	start();
	assert_int_equal(finish(60000), 2);
	assert_int_equal(world.orders, 0);
}

/* What does not come to its end does not hold up the next run of cron. */
TEST_WITH(renew_ends_after_50_minutes, open_world, close_world)
{
	renewal(one, 1, false);
	e->job->cert[0].timeout_ms = 86400 * 1000;
	world.spread_never = true;
	start();
	assert_int_equal(finish(49 * 60000), -1);
	assert_int_equal(finish(2 * 60000), 1);
	assert_int_equal(owed(), 0);
}

/* Other settings are tried before they are remembered, without a word to the CA. */
TEST_WITH(tries_changed_settings_though_not_due, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	world.has_certificate = e->job->cert[0].check = true;
	start();
	assert_int_equal(finish(60000), 3);
	assert_int_equal(world.checked.n, 1);
	assert_int_equal(world.requests.n, 0);
}

TEST_WITH(refuses_changed_settings_that_do_not_work, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	world.has_certificate = e->job->cert[0].check = true;
	world.check = POOL_REFUSED;
	start();
	assert_int_equal(finish(60000), 2);
	assert_int_equal(world.requests.n, 0);
	assert_int_equal(owed(), 0);
}

TEST_WITH(asks_nobody_when_nothing_is_due_and_nothing_changed, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	world.has_certificate = true;
	start();
	assert_int_equal(finish(60000), 3);
	assert_int_equal(world.checked.n, 0);
}

/* What it cannot write it does not do, and it ends: cron would pile up processes. */
static void ends_without(const char *table)
{
	char *sql = xasprintf("DROP TABLE %s", table);

	order_world_job(one, 1, "run-1", 0);
	with_journal(sql);
	start();
	assert_int_equal(finish(120000), 1);
	assert_int_equal(world.orders, 0);
	assert_int_equal(order_world_count(&world.calls, "add"), 0);
	free(sql);
}

TEST_WITH(ends_when_its_first_turn_cannot_be_written, open_world, close_world)
{
	ends_without("runs");
}

TEST_WITH(ends_when_a_claim_cannot_be_written, open_world, close_world)
{
	ends_without("claims");
}

TEST_WITH(ends_with_1_when_the_journal_is_damaged, open_world, close_world)
{
	char *path;
	FILE *f;

	order_world_job(one, 1, "run-1", 0);
	path = xasprintf("%s/state.db", e->job->state);
	f = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("rubbish", f);
	fclose(f);
	assert_int_equal(chmod(path, 0600), 0);
	free(path);
	start();
	assert_int_equal(finish(60000), 1);
	assert_non_null(strstr(world.error, "damaged"));
}

/* A run that lives (its lock is held by us) works on the certificate, has an order and a value; it dies. */
static int lock_of(const char *other)
{
	char *folder = xasprintf("%s/runs", e->job->state), *path = xasprintf("%s/%s.lock", folder, other);
	int fd;

	mkdir(folder, 0700);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	free(folder);
	free(path);
	return fd;
}

#define OTHERS_WORK                                                                                          \
	"INSERT INTO runs(id,started) VALUES('other',1);"                                                    \
	"INSERT INTO claims(cert,run) VALUES('example.test','other');"                                       \
	"INSERT INTO orders(id,run,tag,cert,ca_account,names,key_type,state,url,created,expires)"            \
	" VALUES(7,'other','tag7','example.test','ca','[\"example.test\"]','p256','open',"                   \
	"'https://ca.test/order/1',strftime('%s','now'),0);"                                                 \
	"INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,settled_after)"        \
	" VALUES(7,'other','example.test','dns','example.test','_acme-challenge.example.test',"              \
	"'left',60,'added',0)"

TEST_WITH(takes_over_from_a_run_it_waited_for, open_world, close_world)
{
	int fd;

	order_world_job(one, 1, "run-1", 60000);
	with_journal(OTHERS_WORK);
	strs_add(&world.store, "_acme-challenge.example.test left");
	fd = lock_of("other");
	start();
	assert_int_equal(finish(5000), -1); /* it waits */
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 0);
	close(fd);
	assert_int_equal(finish(60000), 0);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 0); /* goes on with the other's order */
	assert_int_equal(world.store.n, 0);
	assert_int_equal(owed(), 0);
}

TEST_WITH(takes_over_an_order_that_had_added_nothing, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	with_journal(OTHERS_WORK ";DELETE FROM intents");
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 0);
	assert_int_equal(world.store.n, 0);
}

TEST_WITH(gives_up_waiting_for_a_run_that_lives, open_world, close_world)
{
	int fd;

	order_world_job(one, 1, "run-1", 3000);
	with_journal(OTHERS_WORK);
	fd = lock_of("other");
	start();
	assert_int_equal(finish(60000), 4);
	assert_int_equal(order_world_count(&world.calls, "newOrder"), 0);
	close(fd);
}

/* Values that no certificate of the job can use are removed at once, whatever else is waited for. */
TEST_WITH(removes_what_no_certificate_needs, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	with_journal(OTHERS_WORK ";UPDATE orders SET key_type='rsa2048'");
	strs_add(&world.store, "_acme-challenge.example.test left");
	world.check = POOL_REFUSED; /* our own order comes to nothing */
	start();
	assert_int_equal(finish(60000), 2);
	assert_int_equal(world.store.n, 0);
	assert_int_equal(owed(), 0);
}

/* An earlier run saw it after its deletion: one more deletion and look, then it is owed. */
TEST_WITH(owes_what_was_seen_after_two_deletions, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	with_journal(OTHERS_WORK ";UPDATE orders SET key_type='rsa2048';"
	                         "UPDATE intents SET state='del-unproved'");
	strs_add(&world.store, "_acme-challenge.example.test left");
	world.del_lies = 1;
	world.check = POOL_REFUSED;
	start();
	assert_int_equal(finish(60000), 2);
	assert_int_equal(order_world_count(&world.events, "owed"), 1);
	assert_int_equal(owed(), 1);
}

TEST_WITH(forgets_what_is_gone_after_all, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	with_journal(OTHERS_WORK ";UPDATE orders SET key_type='rsa2048';"
	                         "UPDATE intents SET state='del-unproved'");
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(order_world_count(&world.events, "owed"), 0);
	assert_int_equal(owed(), 0);
}

/* Orders that no CA can know any more are not loaded by every run, and their keys go. */
TEST_WITH(expires_old_orders, open_world, close_world)
{
	order_world_job(one, 1, "run-1", 0);
	with_journal("INSERT INTO orders(id,run,tag,cert,ca_account,names,key_type,state,url,created,expires)"
	             " VALUES(7,'dead','tag7','example.test','ca','[\"example.test\"]','p256','open',"
	             "'https://ca.test/order/1',1,0)");
	start();
	assert_int_equal(finish(60000), 0);
	assert_int_equal(world.orders, 1);
	assert_int_equal(order_world_count(&world.calls, "discard"), 1);
}

#define MANY 300

TEST_WITH(begins_no_more_than_its_caps_allow, open_world, close_world)
{
	char *name[MANY];

	for (int i = 0; i < MANY; i++)
		name[i] = xasprintf("n%03d.test", i);
	order_world_job((const char *const *)name, MANY, "run-1", 0);
	world.check = POOL_REFUSED;
	world.check_ms = 1000;
	start();
	fake_loop_advance(e->loop, 500);
	assert_int_equal(world.checks, CAPS_DNS);
	assert_true(fake_loop_watchers(e->loop) < CAPS_DNS * 8);
	assert_int_equal(finish(600000), 2);
	assert_int_equal(world.most_checks, CAPS_DNS);
	assert_int_equal(order_world_count(&world.events, "failed"), MANY);
	assert_true(fake_loop_watchers(e->loop) < 16); /* nothing of the orders is left */
	for (int i = 0; i < MANY; i++)
		free(name[i]);
}

TEST_WITH(ends_what_waits_when_it_winds_down, open_world, close_world)
{
	char *name[MANY];

	for (int i = 0; i < MANY; i++)
		name[i] = xasprintf("n%03d.test", i);
	order_world_job((const char *const *)name, MANY, "run-1", 0);
	world.check_ms = 1000;
	start();
	fake_loop_advance(e->loop, 500);
	run_wind_down(run);
	assert_int_equal(finish(25000), 1);
	assert_int_equal(world.orders, 0);
	for (int i = 0; i < MANY; i++)
		free(name[i]);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
