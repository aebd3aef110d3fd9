#include "unit.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <fcntl.h>

#include "common/mem.h"
#include "engine/journal/account_names.h"
#include "engine/journal/events.h"
#include "engine/journal/intents.h"
#include "engine/journal/backoff.h"
#include "engine/journal/prune.h"
#include "engine/journal/schema.h"
#include "engine/journal/spread_times.h"
#include "engine/journal/orders.h"
#include "engine/journal/rows.h"
#include "engine/journal/runs.h"
#include "engine/journal/turn.h"
#include "fake_loop.h"

struct ground {
	char state[64];
	struct loop *loop;
	struct db *db;
	struct turn *turn;
	char *broken;
};

static void note_broken(void *arg, const char *why)
{
	((struct ground *)arg)->broken = xstrdup(why);
}

static void reopen(struct ground *g)
{
	struct err e;
	bool person;

	turn_free(g->turn);
	db_close(g->db);
	g->db = journal_open(g->state, &person, &e);
	assert_non_null(g->db);
	g->turn = turn_new(g->loop, g->db, note_broken, g);
}

static int ground_new(void **state)
{
	struct ground *g = xcalloc(1, sizeof(*g));

	snprintf(g->state, sizeof(g->state), "/tmp/test_journal.XXXXXX");
	assert_non_null(mkdtemp(g->state));
	char *runs = xasprintf("%s/runs", g->state);
	assert_int_equal(mkdir(runs, 0700), 0);
	free(runs);
	g->loop = loop_new();
	reopen(g);
	*state = g;
	return 0;
}

static int ground_free(void **state)
{
	struct ground *g = *state;
	char *command = xasprintf("rm -rf '%s'", g->state);

	turn_free(g->turn);
	db_close(g->db);
	loop_free(g->loop);
	assert_int_equal(system(command), 0);
	free(command);
	free(g->broken);
	free(g);
	return 0;
}

static bool first_number(void *arg, struct db_row *r)
{
	*(int64_t *)arg = db_int(r, 0);
	return false;
}

static int64_t number(struct ground *g, const char *sql)
{
	int64_t n = -1;

	assert_true(db_each(g->db, NULL, first_number, &n, sql, ""));
	return n;
}

TEST_WITH(has_the_newest_schema, ground_new, ground_free)
{
	struct ground *g = *state;
	struct stat st;
	char *path = xasprintf("%s/state.db", g->state);

	assert_int_equal(number(g, "PRAGMA user_version"), journal_version());
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(path);
}

static void make_version_one(struct ground *g)
{
	char *path = xasprintf("%s/state.db", g->state);
	struct err e;

	turn_free(g->turn);
	db_close(g->db);
	assert_int_equal(unlink(path), 0);
	g->db = db_open(path, &e);
	assert_true(db_script(g->db, journal_migration(0), &e));
	assert_true(
	    db_script(g->db, "PRAGMA user_version=1; INSERT INTO spread_times VALUES('a.test', 7)", &e));
	g->turn = NULL;
	free(path);
}

TEST_WITH(migrates_an_older_schema_after_a_copy, ground_new, ground_free)
{
	struct ground *g = *state;
	char *copy = xasprintf("%s/state.db.v1", g->state);
	struct err e;

	make_version_one(g);
	reopen(g);
	assert_int_equal(number(g, "PRAGMA user_version"), journal_version());
	assert_int_equal(number(g, "SELECT ms FROM spread_times WHERE zone='a.test'"), 7);
	assert_int_equal(number(g, "SELECT count(*) FROM backoff"), 0);
	assert_int_equal(number(g, "SELECT count(*) FROM dns_requests"), 0);
	assert_int_equal(number(g, "SELECT count(failed) FROM ari"), 0);
	assert_int_equal(number(g, "SELECT count(full_at) FROM ledger"), 0);

	struct db *old = db_open(copy, &e);
	int64_t version = -1;
	assert_non_null(old);
	assert_true(db_each(old, &e, first_number, &version, "PRAGMA user_version", ""));
	assert_int_equal(version, 1);
	db_close(old);
	free(copy);
}

TEST_WITH(refuses_a_newer_schema, ground_new, ground_free)
{
	struct ground *g = *state;
	bool person = false;
	struct err e;

	assert_true(db_script(g->db, "PRAGMA user_version=99", &e));
	assert_null(journal_open(g->state, &person, &e));
	assert_non_null(strstr(e.text, "newer dnsproof"));
	assert_true(person);
}

/* Whoever writes the journal decides what is removed from DNS. */
TEST_WITH(refuses_a_file_that_is_not_ours_alone, ground_new, ground_free)
{
	struct ground *g = *state;
	char *path = xasprintf("%s/state.db", g->state), *moved = xasprintf("%s/moved", g->state);
	bool person = false;
	struct err e;

	assert_int_equal(chmod(path, 0660), 0);
	assert_null(journal_open(g->state, &person, &e));
	assert_true(person);
	assert_non_null(strstr(e.text, "chmod 600"));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(rename(path, moved), 0);
	assert_int_equal(symlink(moved, path), 0);
	assert_null(journal_open(g->state, &person, &e));
	assert_true(person);
	assert_non_null(strstr(e.text, "not a plain file"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rename(moved, path), 0);
	free(path);
	free(moved);
}

/* No fault of the configuration: the next run may find it mended. */
TEST_WITH(tells_what_to_do_with_a_damaged_file, ground_new, ground_free)
{
	struct ground *g = *state;
	char *path = xasprintf("%s/state.db", g->state);
	bool person = true;
	struct err e;
	FILE *f;

	turn_free(g->turn);
	db_close(g->db);
	g->turn = NULL;
	g->db = NULL;
	f = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("rubbish", f);
	fclose(f);
	assert_null(journal_open(g->state, &person, &e));
	assert_false(person);
	assert_non_null(strstr(e.text, "put back a copy"));
	assert_int_equal(unlink(path), 0);
	reopen(g);
	free(path);
}

static struct intent intent_for(const char *run, const char *value)
{
	return (struct intent){.order = 1,
	                       .run = (char *)run,
	                       .name = (char *)"example.test",
	                       .dns_account = (char *)"a",
	                       .zone = (char *)"example.test",
	                       .owner = (char *)"_acme-challenge.example.test",
	                       .value = (char *)value,
	                       .ttl = 60,
	                       .state = INTENT_WANTED,
	                       .settled_after = 5};
}

static void count_intent(void *arg, const struct intent *i)
{
	(*(int *)arg)++;
}

static int owed(struct ground *g, const char *run)
{
	int64_t n = -1;

	assert_true(db_each(g->db, NULL, first_number, &n,
	                    "SELECT count(*) FROM intents WHERE state<>'gone' AND run=?", "s", run));
	return (int)n;
}

TEST_WITH(counts_references_of_a_value, ground_new, ground_free)
{
	struct ground *g = *state;
	struct intent one = intent_for("r1", "v"), two = intent_for("r2", "v"), other = intent_for("r1", "w");

	intent_insert(g->turn, &one);
	intent_insert(g->turn, &two);
	intent_insert(g->turn, &other);
	assert_int_equal(intent_others(g->turn, &one), 1);
	two.state = INTENT_GONE;
	intent_store(g->turn, &two);
	assert_int_equal(intent_others(g->turn, &one), 0);
	assert_int_equal(owed(g, "r1"), 2);
}

static void note_recursive(void *arg, const struct intent *i)
{
	((bool *)arg)[strcmp(i->value, "w") == 0] = i->recursive;
}

TEST_WITH(knows_whom_to_ask_about_what_is_left, ground_new, ground_free)
{
	struct ground *g = *state;
	struct intent usual = intent_for("dead", "v"), recursive = intent_for("dead", "w");
	struct strs living = {0};
	bool is[2] = {true, false};

	recursive.recursive = true;
	intent_insert(g->turn, &usual);
	intent_insert(g->turn, &recursive);
	strs_add(&living, "me");
	intent_adopt(g->turn, "me", &living, note_recursive, is);
	strs_free(&living);
	assert_false(is[0]);
	assert_true(is[1]);
}

TEST_WITH(adopts_only_from_dead_runs, ground_new, ground_free)
{
	struct ground *g = *state;
	struct intent dead = intent_for("dead", "v"), alive = intent_for("alive", "w");
	struct strs living = {0};
	int adopted = 0;

	strs_add(&living, "me");
	strs_add(&living, "alive");
	intent_insert(g->turn, &dead);
	intent_insert(g->turn, &alive);
	intent_adopt(g->turn, "me", &living, count_intent, &adopted);
	assert_int_equal(adopted, 1);
	assert_int_equal(owed(g, "me"), 1);
	assert_int_equal(owed(g, "alive"), 1);
	strs_free(&living);
}

TEST_WITH(tells_living_runs_by_their_lock, ground_new, ground_free)
{
	struct ground *g = *state;
	struct strs alive = {0};
	char *path = xasprintf("%s/runs/living.lock", g->state);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(flock(fd, LOCK_EX), 0);
	run_insert(g->turn, "living");
	run_insert(g->turn, "dead");
	assert_true(runs_alive(g->turn, g->state, "me", &alive));
	assert_true(strs_has(&alive, "living"));
	assert_false(strs_has(&alive, "dead"));
	strs_free(&alive);
	close(fd);
	free(path);
}

/* That the file cannot be opened says nothing: only that there is none, or that its lock can be got. */
TEST_WITH(takes_no_run_for_dead_without_proof, ground_new, ground_free)
{
	struct ground *g = *state;
	struct strs alive = {0};
	char *path = xasprintf("%s/runs/odd.lock", g->state);

	assert_int_equal(symlink("odd.lock", path), 0); /* ELOOP, for root too */
	run_insert(g->turn, "odd");
	assert_true(runs_alive(g->turn, g->state, "me", &alive));
	assert_true(strs_has(&alive, "odd"));
	assert_int_equal(unlink(path), 0);
	strs_free(&alive);
	assert_true(runs_alive(g->turn, g->state, "me", &alive));
	assert_false(strs_has(&alive, "odd"));
	strs_free(&alive);
	free(path);
}

TEST_WITH(takes_claims_of_dead_runs_only, ground_new, ground_free)
{
	struct ground *g = *state;
	struct strs both = {0}, me = {0};
	char *holder;

	strs_add(&me, "me");
	strs_add(&both, "me");
	strs_add(&both, "other");
	assert_int_equal(claim_take(g->turn, "c", "other", &both, &holder), CLAIM_TAKEN);
	assert_int_equal(claim_take(g->turn, "c", "me", &both, &holder), CLAIM_HELD);
	assert_string_equal(holder, "other");
	free(holder);
	assert_int_equal(claim_take(g->turn, "c", "me", &me, &holder), CLAIM_TAKEN_OVER);
	run_end(g->turn, "me", false);
	assert_int_equal(claim_take(g->turn, "c", "other", &both, &holder), CLAIM_TAKEN);
	strs_free(&both);
	strs_free(&me);
}

TEST_WITH(learns_how_long_a_zone_takes, ground_new, ground_free)
{
	struct ground *g = *state;

	assert_int_equal(spread_learned_ms(g->turn, "z"), 0);
	spread_learn(g->turn, "z", 400);
	spread_learn(g->turn, "z", 0);
	assert_int_equal(spread_learned_ms(g->turn, "z"), 300);
}

static char trace[64];

static void note_then(void *arg)
{
	strcat(trace, arg);
}

static void note_dropped(void *arg)
{
	strcat(trace, "-");
}

TEST_WITH(releases_actions_after_the_commit, ground_new, ground_free)
{
	struct ground *g = *state;

	trace[0] = '\0';
	run_insert(g->turn, "r");
	turn_then(g->turn, note_then, note_dropped, (char *)"a");
	assert_string_equal(trace, "");
	fake_loop_turn(g->loop);
	assert_string_equal(trace, "a");
	assert_false(db_in_transaction(g->db));
	assert_int_equal(number(g, "SELECT count(*) FROM runs"), 1);
}

TEST_WITH(drops_actions_of_a_failed_turn, ground_new, ground_free)
{
	struct ground *g = *state;

	trace[0] = '\0';
	run_insert(g->turn, "r");
	run_insert(g->turn, "r"); /* the same primary key: fails */
	turn_then(g->turn, note_then, note_dropped, (char *)"a");
	turn_always(g->turn, note_then, (char *)"b");
	fake_loop_turn(g->loop);
	assert_string_equal(trace, "-b");
	assert_non_null(g->broken);
	assert_int_equal(number(g, "SELECT count(*) FROM runs"), 0);
	assert_null(turn_db(g->turn));
}

TEST_WITH(forgets_actions_of_a_freed_object, ground_new, ground_free)
{
	struct ground *g = *state;
	char object[] = "a";

	trace[0] = '\0';
	turn_then(g->turn, note_then, note_dropped, object);
	turn_forget(g->turn, object);
	fake_loop_turn(g->loop);
	assert_string_equal(trace, "");
}

/* Others wait on: what fails there again and again has a cause of its own. */
TEST_WITH(an_account_that_works_again_ends_pauses, ground_new, ground_free)
{
	struct ground *g = *state;
	int64_t later = turn_wall(g->turn) + 86400;
	const struct backoff_row first = {1, 86400, later}, third = {3, 86400, later};
	struct backoff_row row = {0};

	backoff_failed(g->turn, "ca", "a", "1", &first, "person", "dns d");
	backoff_failed(g->turn, "ca", "b", "1", &third, "person", "dns d");
	backoff_failed(g->turn, "ca", "c", "1", &first, "person", "dns other");
	backoff_account_rests(g->turn, "dns d");
	assert_true(backoff_account_rested(g->turn, "dns d"));
	assert_false(backoff_account_rested(g->turn, "dns other"));
	backoff_account_works(g->turn, "dns d");
	assert_false(backoff_account_rested(g->turn, "dns d"));
	backoff_failures(g->turn, "ca", "a", "1", &row);
	assert_int_equal(row.failures, 1);
	assert_true(row.not_before <= turn_wall(g->turn));
	backoff_failures(g->turn, "ca", "b", "1", &row);
	assert_int_equal(row.not_before, later);
	backoff_failures(g->turn, "ca", "c", "1", &row);
	assert_int_equal(row.not_before, later);
	fake_loop_turn(g->loop);
}

/* What is old goes, but for what is owed and what stands beside it. */
TEST_WITH(prunes_by_age, ground_new, ground_free)
{
	struct ground *g = *state;

	assert_true(db_script(
	    g->db,
	    "INSERT INTO orders(id,run,tag,cert,ca_account,names,key_type,state,created,expires)"
	    " VALUES(1,'r','a','c','ca','[]','p256','published',1,0),"
	    "(2,'r','b','c','ca','[]','p256','failed',1,0),"
	    "(3,'r','c','c','ca','[]','p256','issued',1,0),"
	    "(4,'r','d','c','ca','[]','p256','published',strftime('%s','now'),0);"
	    "INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,"
	    "settled_after) VALUES(1,'r','n','d','z','o','v',1,'gone',0),"
	    "(2,'r','n','d','z','o','w',1,'unknown',0),(4,'r','n','d','z','o','x',1,'gone',0);"
	    "INSERT INTO challenge_posts VALUES('u1',1,1),('u4',4,1);"
	    "INSERT INTO runs(id,started,ended) VALUES('old',1,2),('open',1,NULL);"
	    "INSERT INTO events(at,run,cert,event,detail) VALUES(1,'r','c','e','{}');"
	    "INSERT INTO backoff(ca_account,name,failures,not_before,class)"
	    " VALUES('ca','failed a',1,1,'passing'),('ca','failed b',1,strftime('%s','now'),'person'),"
	    "('','rests dns d',0,1,'rests'),('ca','second []',1,0,'second');"
	    "INSERT INTO spread_times(zone,ms,seen) VALUES('z',1,1)",
	    NULL));
	journal_prune(g->turn);
	fake_loop_turn(g->loop);
	assert_int_equal(number(g, "SELECT group_concat(id,'') FROM orders"), 234);
	assert_int_equal(number(g, "SELECT count(*) FROM intents"), 2);
	assert_int_equal(number(g, "SELECT count(*) FROM challenge_posts"), 1);
	assert_int_equal(number(g, "SELECT count(*) FROM runs"), 1);
	assert_int_equal(number(g, "SELECT count(*) FROM events"), 0);
	assert_int_equal(number(g, "SELECT count(*) FROM backoff WHERE name IN ('failed b','second []')"), 2);
	assert_int_equal(number(g, "SELECT count(*) FROM backoff"), 2);
	assert_int_equal(number(g, "SELECT count(*) FROM spread_times"), 0);
}

/* Alone they make no transaction; with one they are in it; and one certificate's many push out nobody's else. */
TEST_WITH(keeps_events_with_the_next_transaction, ground_new, ground_free)
{
	struct ground *g = *state;
	struct events *e = events_new(g->turn);

	event_store(e, "r", "quiet", "event", "{}");
	fake_loop_turn(g->loop);
	assert_int_equal(number(g, "SELECT count(*) FROM events"), 0);
	spread_learn(g->turn, "z", 1);
	fake_loop_turn(g->loop);
	assert_int_equal(number(g, "SELECT count(*) FROM events"), 1);
	for (int i = 0; i < 700; i++)
		event_store(e, "r", "loud", "event", "{}");
	spread_learn(g->turn, "z", 1);
	fake_loop_turn(g->loop);
	events_prune(e, "loud");
	fake_loop_turn(g->loop);
	assert_int_equal(number(g, "SELECT count(*) FROM events WHERE cert='loud'"), 500);
	assert_int_equal(number(g, "SELECT count(*) FROM events WHERE cert='quiet'"), 1);
	events_free(e);
}

static void fill_account_rows(struct ground *g)
{
	struct err e;

	assert_true(db_script(
	    g->db,
	    "INSERT INTO ca_accounts VALUES('old','https://ca.test/dir','https://ca.test/acct/1');"
	    "INSERT INTO ledger VALUES('old','orders',100),('old','set a',300),('new','set a',200),"
	    "('new','set b',250),('other','orders',7);"
	    "INSERT INTO backoff(ca_account,name,failures,not_before,class,cause) VALUES"
	    "('old','failed a',3,500,'passing','ca old'),('old','failed b',1,10,'passing','dns d-1'),"
	    "('new','failed b',2,20,'passing',''),('','rests ca old',1,0,'rests',''),"
	    "('','rests dns d-1',1,0,'rests','');"
	    "INSERT INTO orders(run,tag,cert,ca_account,names,key_type,state,created,expires) VALUES"
	    "('r','t','a','old','[]','p256','open',1,2);"
	    "INSERT INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,configured,renews)"
	    " VALUES('a','p256','a','old','d-1 d-12 d-1x','w',0,1),('b','p256','b','other','d-12','w',0,1);"
	    "INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,settled_after) "
	    "VALUES"
	    "(1,'r','a','d-1','z','o','v',1,'added',0),(1,'r','a','d-12','z','o','v',1,'added',0);"
	    "INSERT INTO dns_requests VALUES('d-1',5,2),('d-1',6,1),('d-2',5,4);",
	    &e));
}

/* Copied, both names have all that is known; moved, the new one alone. Of two rows the later holds. */
TEST_WITH(ca_account_rows_follow_the_name, ground_new, ground_free)
{
	struct ground *g = *state;

	fill_account_rows(g);
	for (int keep = 1; keep >= 0; keep--) {
		ca_account_rename(g->turn, "old", "new", keep);
		fake_loop_turn(g->loop);
		assert_null(g->broken);
		assert_int_equal(
		    number(g, "SELECT count(*) FROM ca_accounts WHERE kid='https://ca.test/acct/1'"),
		    1 + keep);
		assert_int_equal(number(g, "SELECT count(*) FROM ca_accounts WHERE name='new'"), 1);
		assert_int_equal(number(g, "SELECT sum(full_at) FROM ledger WHERE ca_account='new'"),
		                 100 + 300 + 250);
		assert_int_equal(number(g, "SELECT count(*) FROM ledger WHERE ca_account='old'"), 2 * keep);
		assert_int_equal(
		    number(g, "SELECT failures FROM backoff WHERE ca_account='new' AND name='failed a'"), 3);
		assert_int_equal(
		    number(g, "SELECT failures FROM backoff WHERE ca_account='new' AND name='failed b'"), 2);
		assert_int_equal(number(g, "SELECT count(*) FROM backoff WHERE ca_account='old'"), 2 * keep);
		assert_int_equal(number(g, "SELECT count(*) FROM backoff WHERE name='rests ca new'"), !keep);
		assert_int_equal(number(g, "SELECT count(*) FROM backoff WHERE cause='ca new'"), !keep);
		assert_int_equal(number(g, "SELECT count(*) FROM orders WHERE ca_account='new'"), !keep);
		assert_int_equal(number(g, "SELECT count(*) FROM certificates WHERE ca_account='new'"),
		                 !keep);
	}
	assert_int_equal(number(g, "SELECT count(*) FROM ledger WHERE ca_account='other'"), 1);
	assert_int_equal(number(g, "SELECT count(*) FROM certificates WHERE ca_account='other'"), 1);
}

TEST_WITH(dns_account_rows_follow_the_name, ground_new, ground_free)
{
	struct ground *g = *state;

	fill_account_rows(g);
	dns_account_rename(g->turn, "d-1", "d-2");
	fake_loop_turn(g->loop);
	assert_null(g->broken);
	assert_int_equal(number(g, "SELECT count(*) FROM intents WHERE dns_account='d-2'"), 1);
	assert_int_equal(number(g, "SELECT count(*) FROM intents WHERE dns_account='d-12'"), 1);
	assert_int_equal(number(g, "SELECT n FROM dns_requests WHERE dns_account='d-2' AND at=5"), 6);
	assert_int_equal(number(g, "SELECT sum(n) FROM dns_requests"), 7);
	assert_int_equal(
	    number(g, "SELECT count(*) FROM backoff WHERE name='rests dns d-2' OR cause='dns d-2'"), 2);
	assert_int_equal(number(g, "SELECT count(*) FROM certificates WHERE dns_accounts='d-2 d-12 d-1x'"),
	                 1);
	assert_int_equal(number(g, "SELECT count(*) FROM certificates WHERE dns_accounts='d-12'"), 1);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
