/* Which certificates are renewed before they are due. */
#include "unit.h"

#include "common/mem.h"
#include "engine/journal/schema.h"
#include "engine/run/levelling.h"

#define NOW   INT64_C(2000000000)
#define HOUR  3600
#define DAY   (24 * HOUR)
#define CYCLE (30 * DAY)
#define LATE  (NOW + 5 * DAY)

static char folder[64];
static struct db *d;
static struct strs early;

static int open_index(void **unused)
{
	struct err e;
	bool person;

	snprintf(folder, sizeof(folder), "/tmp/test_levelling.XXXXXX");
	assert_non_null(mkdtemp(folder));
	d = journal_open(folder, &person, &e);
	assert_non_null(d);
	return 0;
}

static int close_index(void **unused)
{
	char *command = xasprintf("rm -rf '%s'", folder);

	db_close(d);
	strs_free(&early);
	assert_int_equal(system(command), 0);
	free(command);
	return 0;
}

static void change(const char *sql)
{
	struct err e;

	assert_true(db_script(d, sql, &e));
}

/* n certificates that are renewed from `from` on, `apart` seconds from one to the next. */
static void add(const char *ca, const char *id, unsigned n, int64_t from, int64_t apart)
{
	struct err e;

	assert_true(db_begin(d, &e));
	for (unsigned i = 0; i < n; i++) {
		char *cert = xasprintf("%s%04u", id, i);
		int64_t at = from + apart * i;
		assert_true(
		    db_run(d, &e,
		           "INSERT INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,"
		           "configured,renews,not_before,look_at,renewed_from,earliest)"
		           " VALUES(?,'p256','','',?,'',1,1,?,?,?,?)",
		           "ssiiii", cert, ca, at - CYCLE, at, at, at - 7 * DAY));
		free(cert);
	}
	assert_true(db_run(d, &e, "UPDATE certificates SET ca_account=dns_accounts", ""));
	assert_true(db_commit(d, &e));
}

static size_t chosen(int64_t now)
{
	struct err e;

	strs_free(&early);
	assert_true(levelling_choose(d, now, &early, &e));
	return early.n;
}

TEST_WITH(nothing_where_nothing_is_to_come, open_index, close_index)
{
	assert_int_equal(chosen(NOW), 0);
}

TEST_WITH(nothing_where_they_are_spread, open_index, close_index)
{
	add("ca", "a", 3000, NOW + 1, CYCLE / 3000);
	assert_int_equal(chosen(NOW), 0);
	assert_int_equal(chosen(NOW + HOUR), 0);
}

TEST_WITH(a_few_may_come_at_once, open_index, close_index)
{
	add("ca", "a", 5, NOW + 2 * HOUR, 0);
	assert_int_equal(chosen(NOW), 0);
	add("ca", "b", 1, NOW + HOUR, 0);
	assert_int_equal(chosen(NOW), 1);
	assert_string_equal(early.at[0], "b0000"); /* the first that is due */
}

/* So many that the rest comes at that rate. */
TEST_WITH(many_at_once_are_begun_early, open_index, close_index)
{
	add("ca", "a", 720, NOW + CYCLE / 2, CYCLE / 720); /* one an hour */
	assert_int_equal(chosen(NOW), 0);
	add("ca", "b", 366, LATE, 0);
	assert_int_equal(chosen(NOW), 3); /* 360 in 120 hours: one and a half an hour are usual */
	for (size_t i = 0; i < early.n; i++)
		assert_int_equal(early.at[i][0], 'b');
}

TEST_WITH(no_more_than_three_times_what_is_usual, open_index, close_index)
{
	add("ca", "a", 720, LATE, 0);
	assert_int_equal(chosen(NOW), 3);
}

TEST_WITH(not_before_their_window, open_index, close_index)
{
	add("ca", "a", 720, NOW + 7 * DAY + 1, 0);
	assert_int_equal(chosen(NOW), 0);
	assert_int_equal(chosen(NOW + 1), 3);
}

/* What came due by itself in the last hour is the same load. */
TEST_WITH(those_that_are_due_count, open_index, close_index)
{
	add("ca", "a", 720, LATE, 0);
	add("ca", "b", 2, NOW - 10, 0);
	change("UPDATE certificates SET look_at=0 WHERE cert LIKE 'b%'");
	assert_int_equal(chosen(NOW), 4); /* of 6 an hour */
	add("ca", "c", 3, NOW - 20, 0);
	assert_int_equal(chosen(NOW), 1);
}

TEST_WITH(once_an_hour, open_index, close_index)
{
	add("ca", "a", 720, LATE, 0);
	change("INSERT INTO runs(id,started,ended,whole) VALUES('a',2000000000-2000000000%3600,1,0)");
	assert_int_equal(chosen(NOW), 3);
	change("UPDATE runs SET whole=1");
	assert_int_equal(chosen(NOW), 0);
	change("UPDATE runs SET started=started-1");
	assert_int_equal(chosen(NOW), 3);
}

TEST_WITH(not_what_failed_or_is_looked_at_anyway, open_index, close_index)
{
	add("ca", "a", 720, LATE, 0);
	change("INSERT INTO backoff(ca_account,name,failures,not_before,class)"
	       " VALUES('ca','failed a0000',1,0,'passing')");
	change("UPDATE certificates SET look_at=1 WHERE cert='a0001'");
	assert_int_equal(chosen(NOW), 3);
	assert_string_equal(early.at[0], "a0002");
	change("UPDATE certificates SET gone=1 WHERE cert>'a0100'");
	change("UPDATE certificates SET renews=0 WHERE cert>'a0005'");
	assert_int_equal(chosen(NOW), 0);
}

TEST_WITH(each_ca_account_by_itself, open_index, close_index)
{
	add("one", "a", 720, LATE, 0);
	add("two", "b", 5, NOW + HOUR, 0);
	add("three", "c", 720, LATE, 0);
	assert_int_equal(chosen(NOW), 6);
	assert_string_equal(early.at[0], "a0000");
	assert_string_equal(early.at[3], "c0000");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
