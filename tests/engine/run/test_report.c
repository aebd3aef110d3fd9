/* What is read of state.db for `status`: the rows, in their order, and that nothing is written. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/wire.h"
#include "engine/journal/schema.h"
#include "engine/peers/launcher.h"
#include "engine/run/report.h"

struct ground {
	char state[64];
	struct world e;
	struct job job;
	int peer;
	json_t *said; /* lines of the report */
};

static int ground_new(void **state)
{
	struct ground *g = xcalloc(1, sizeof(*g));
	const struct launcher_handlers handlers = {0};
	int fd[2];

	snprintf(g->state, sizeof(g->state), "/tmp/test_report.XXXXXX");
	assert_non_null(mkdtemp(g->state));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fd), 0);
	g->peer = fd[1];
	g->job = (struct job){.state = g->state};
	g->e.job = &g->job;
	g->e.loop = loop_new();
	g->e.launcher = launcher_new(g->e.loop, fd[0], &handlers);
	*state = g;
	return 0;
}

static int ground_free(void **state)
{
	struct ground *g = *state;
	char *command = xasprintf("rm -rf '%s'", g->state);

	launcher_free(g->e.launcher);
	loop_free(g->e.loop);
	close(g->peer);
	json_decref(g->said);
	assert_int_equal(system(command), 0);
	free(command);
	free(g);
	return 0;
}

static void write_rows(const struct ground *g, const char *sql)
{
	struct err e;
	bool person;
	struct db *d = journal_open(g->state, &person, &e);

	assert_non_null(d);
	if (!db_script(d, sql, &e))
		fail_msg("%s", e.text);
	db_close(d);
}

/* The report, up to its end. */
static int report(struct ground *g)
{
	int code = report_send(&g->e);
	struct buf rest;
	json_t *line = NULL;
	const char *why;

	buf_init(&rest, 0);
	launcher_done(g->e.launcher, code);
	g->said = json_array();
	while (wire_read(g->peer, &rest, &line, &why) == 1 && !json_object_get(line, "done"))
		json_array_append_new(g->said, line);
	json_decref(line);
	buf_free(&rest);
	return code;
}

/* Rows of a kind as JSON text. New. */
static char *rows(const struct ground *g, const char *kind)
{
	json_t *all = json_array(), *line;
	size_t i;

	json_array_foreach(g->said, i, line)
	{
		const char *is = json_string_value(json_object_get(line, "report"));
		if (is && strcmp(is, kind) == 0)
			json_array_extend(all, json_object_get(line, "rows"));
	}
	char *text = json_dumps(all, JSON_COMPACT);
	json_decref(all);
	return text;
}

static void said(const struct ground *g, const char *kind, const char *text)
{
	char *is = rows(g, kind);

	assert_string_equal(is, text);
	free(is);
}

static void test_nothing_yet(void **state)
{
	struct ground *g = *state;
	char *path = xasprintf("%s/state.db", g->state);

	assert_int_equal(report(g), 0);
	assert_int_equal(json_array_size(g->said), 0);
	assert_int_not_equal(access(path, F_OK), 0);
	free(path);
}

static void test_rows(void **state)
{
	struct ground *g = *state;
	char *wal = xasprintf("%s/state.db-wal", g->state);

	write_rows(
	    g,
	    "INSERT INTO runs(id,started,ended,whole) VALUES('a',10,20,1),('b',30,40,0),('c',50,NULL,0);"
	    "INSERT INTO orders(id,run,tag,cert,ca_account,names,key_type,state,created,expires) VALUES"
	    "(1,'a','t1','x','ca','[]','p256','failed',11,0),(2,'a','t2','x','ca','[]','p256','published',12,"
	    "0),"
	    "(3,'b','t3','x','ca','[]','p256','failed',31,0),(4,'b','t4','x','ca','[]','p256','failed',32,0),"
	    "(5,'c','t5','y','ca','[]','p256','open',51,0);"
	    "INSERT INTO events(at,run,cert,event,detail) VALUES(31,'b','x','failed','{\"text\":\"old\"}'),"
	    "(32,'b','x','failed','{\"text\":\"new\"}');"
	    "INSERT INTO backoff(ca_account,name,failures,not_before,class,pause) VALUES"
	    "('ca','failed x',2,900,'passing',600),('','rests dns d',0,7,'rests',0),"
	    "('ca','later []',1,99999999999,'later',0),('ca','later old',1,5,'later',0);"
	    "INSERT INTO backoff(ca_account,name,failures,not_before,class) VALUES"
	    "('cb','later [\"a\"]',1,99999999990,'later'),('cb','later [\"b\"]',1,99999999991,'later'),"
	    "('cb','later [\"c\"]',1,99999999992,'later'),('https://ca','later CA',1,99999999993,'later');"
	    "INSERT INTO ledger(ca_account,bucket,full_at) VALUES('ca','orders',99999999999),('ca','failed "
	    "x',99999999999),"
	    "('cb','orders',5);"
	    "INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,settled_after)"
	    " VALUES(5,'c','y','d','y.test','_acme-challenge.y.test','v',60,'added',0),"
	    "(3,'b','x','d','x.test','o','w',60,'gone',0);");
	assert_int_equal(report(g), 0);
	said(g, "runs", "[[20,50]]");
	said(g, "failing", "[[\"x\",\"ca\",2,900,600,\"passing\",31,\"new\"]]");
	said(g, "rests", "[[\"dns d\",7]]");
	said(g, "later",
	     "[[\"ca\",\"[]\",99999999999],[\"cb\",\"[\\\"a\\\"]\",99999999990],[\"cb\",\"[\\\"b\\\"]\","
	     "99999999991],"
	     "[\"cb\",\"[\\\"c\\\"]\",99999999992],[\"cb\",\"newOrder\",99999999990],[\"https://"
	     "ca\",\"\",99999999993]]");
	said(g, "ledger", "[[\"ca\",99999999999]]");
	said(g, "owed", "[[\"_acme-challenge.y.test\",\"y.test\",\"v\",\"d\"]]");
	said(g, "orders", "[[\"y\",\"ca\",\"open\",51]]");
	assert_int_not_equal(access(wal, F_OK), 0);
	free(wal);
	json_decref(g->said);
	g->job.only = (char *)"failing";
	assert_int_equal(report(g), 0);
	said(g, "failing", "[[\"x\",\"ca\",2,900,600,\"passing\",31,\"new\"]]");
	assert_int_equal(json_array_size(g->said), 1);
}

/* The CA's advice counts for the certificate that it was given for. */
static void test_certificates(void **state)
{
	struct ground *g = *state;

	write_rows(
	    g,
	    "INSERT INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,configured,renews,"
	    "published,directory,not_before,not_after,ari,gone) VALUES"
	    "('b','p256','b','ca','d','w',1,1,NULL,NULL,0,0,NULL,0),"
	    "('a','p256','a','ca','d','w',1,1,'a www.a','u',1000,9001000,'id',0),"
	    "('c','p256','c','ca','d','w',1,1,'c','u',1000,9001000,'other',5);"
	    "INSERT INTO ari VALUES('a',0,'id',1,2,2000,0,0,0,0,0),('c',0,'id',1,2,2000,0,0,0,0,0);");
	assert_int_equal(report(g), 0);
	/* a third of 9000000 is left at 6001000, or as much as a sixtieth earlier */
	char *text = rows(g, "certificates"), *end = strstr(text, "\\t0\\t5\\t");
	assert_non_null(end);
	long from = strtol(end - strlen("6001000"), NULL, 10);
	assert_in_range(from, 5851001, 6001000);
	*(end - strlen("6001000")) = '\0';
	assert_string_equal(text,
	                    "[\"a\\tp256\\ta www.a\\tca\\td\\tu\\t\\t1000\\t9001000\\t2000\\t1\\t0\\t1\\t2\","
	                    "\"b\\tp256\\tb\\tca\\td\\t\\t\\t0\\t0\\t0\\t0\\t0\\t0\\t0\","
	                    "\"c\\tp256\\tc\\tca\\td\\tu\\t\\t1000\\t9001000\\t");
	free(text);
}

static void row_of(const struct ground *g, const char *id, const char *key_type, const char *ca,
                   const char *rest)
{
	char *sql = xasprintf(
	    "INSERT INTO certificates(cert,key_type,names,ca_account,dns_accounts,wanted,configured,"
	    "renews,not_before,not_after,look_at,gone) VALUES('%s','%s','','%s','','',1,%s)",
	    id, key_type, ca, rest);

	write_rows(g, sql);
	free(sql);
}

/* IDs of the certificates that are told, one after the other. New. */
static char *ids(const struct ground *g)
{
	char *text = rows(g, "certificates");
	json_t *all = json_loads(text, 0, NULL), *v;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	buf_add_str(&b, "");
	json_array_foreach(all, i, v) buf_add(&b, json_string_value(v), 1);
	json_decref(all);
	free(text);
	return buf_take(&b);
}

#define WELL "1,9000000000,99000000000,1,0"
#define GONE "1,9000000000,99000000000,1,5"

/* What is well is counted, where the index is of what is wanted now. */
static void test_brief(void **state)
{
	struct ground *g = *state;
	char *text;

	write_rows(g, "INSERT INTO handed_over VALUES('digest');"
	              "INSERT INTO backoff(ca_account,name,failures,not_before,class)"
	              " VALUES('ca','failed c',2,900,'passing');");
	row_of(g, "a", "p256", "ca", WELL);
	row_of(g, "a", "rsa2048", "ca", GONE); /* what took its place is there */
	row_of(g, "b", "p256", "ca", "1,9000000000,99000000000,0,0");
	row_of(g, "c", "p256", "ca", WELL);
	row_of(g, "d", "p256", "ca", "0,0,0,1,0");
	row_of(g, "e", "p256", "ca", "1,1000,9001000,1,0");
	row_of(g, "f", "p256", "ca", GONE);
	row_of(g, "f", "rsa2048", "ca", WELL);
	row_of(g, "g", "p256", "ca", WELL);
	g->job.brief = (char *)"digest";
	assert_int_equal(report(g), 0);
	said(g, "brief", "[[]]");
	text = ids(g);
	assert_string_equal(text, "bceff");
	free(text);
	text = rows(g, "sums");
	assert_true(str_starts(text, "[[\"ca\",") && str_ends(text, ",2]]"));
	free(text);
	json_decref(g->said);
	g->job.brief = (char *)"another";
	assert_int_equal(report(g), 0);
	said(g, "brief", "[]");
	said(g, "sums", "[]");
	text = ids(g);
	assert_string_equal(text, "aabcdeffg");
	free(text);
}

static void placed(const struct ground *g, int order, int created, const char *intents)
{
	char *sql = xasprintf(
	    "INSERT INTO orders(id,run,tag,cert,ca_account,names,key_type,state,created,expires)"
	    " VALUES(%d,'a','t%d','%s','ca','[]','p256','published',%d,0);"
	    "INSERT INTO intents(order_id,run,name,dns_account,zone,owner,value,ttl,state,settled_after)"
	    " VALUES%s",
	    order, order, order == 9 ? "other" : "x", created, intents);

	write_rows(g, sql);
	free(sql);
}

/* Of each name the newest; a name that was validated before has none in the newest order. */
static void test_places(void **state)
{
	struct ground *g = *state;

	placed(g, 1, 100,
	       "(1,'a','a.test','old','a.test','_acme-challenge.a.test','v',60,'gone',0),"
	       "(1,'a','b.test','d','b.test','_acme-challenge.b.test','v',60,'gone',0)");
	placed(g, 2, 200,
	       "(2,'a','a.test','d1','val.test','a.val.test','v',60,'gone',0),"
	       "(2,'a','*.a.test','d1','val.test','a.val.test','w',60,'gone',0),"
	       "(2,'a','a.test','d2','val.test','a.val.test','v',60,'added',0)");
	placed(g, 9, 300, "(9,'a','a.test','d3','a.test','_acme-challenge.a.test','v',60,'gone',0)");
	strs_add(&g->job.placed, "none");
	strs_add(&g->job.placed, "x");
	assert_int_equal(report(g), 0);
	assert_int_equal(json_array_size(g->said), 1);
	said(g, "places",
	     "[[\"x\",\"a.test\",\"a.val.test\",\"val.test\",\"d1\",200],"
	     "[\"x\",\"a.test\",\"a.val.test\",\"val.test\",\"d2\",200],"
	     "[\"x\",\"b.test\",\"_acme-challenge.b.test\",\"b.test\",\"d\",100]]");
	strs_free(&g->job.placed);
}

/* Of accounts whose limits are known, what allows nothing now. */
static void test_limited(void **state)
{
	struct ground *g = *state;
	static struct job_ca ca = {.account = (char *)"ca"};
	long long now = loop_wall(g->e.loop);
	char *sql = xasprintf("INSERT INTO ledger(ca_account,bucket,full_at) VALUES('ca','orders',%1$lld),"
	                      "('ca','set 1',%1$lld),('ca','set 2',%2$lld),('ca','failed a.test',%1$lld),"
	                      "('ca','registrations',%1$lld),('cb','set 1',%1$lld)",
	                      now + 990, now + 400);

	ca.limit[JOB_LIMIT_ORDERS] = ca.limit[JOB_LIMIT_SETS] = (struct bucket_limit){2, 1000};
	write_rows(g, sql);
	g->job.ca = &ca;
	g->job.cas = 1;
	assert_int_equal(report(g), 0);
	char *text = rows(g, "limited");
	assert_non_null(strstr(text, "[[\"ca\",\"set 1\","));
	assert_null(strstr(text, "],["));
	json_decref(g->said);
	free(text);
	ca.limit[JOB_LIMIT_FAILURES] = (struct bucket_limit){1, 500};
	assert_int_equal(report(g), 0);
	text = rows(g, "limited");
	assert_non_null(strstr(text, "[[\"ca\",\"failed a.test\","));
	assert_non_null(strstr(text, "],[\"ca\",\"set 1\","));
	free_all(text, sql);
}

/* No migration: another version than this one's is left as it is, and told. */
static void test_of_another_version(void **state)
{
	struct ground *g = *state;

	write_rows(g, "PRAGMA user_version=1");
	assert_int_equal(report(g), 1);
	assert_non_null(strstr(json_string_value(json_object_get(json_array_get(g->said, 0), "message")),
	                       "written by an older dnsproof"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_nothing_yet, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_rows, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_certificates, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_brief, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_limited, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_places, ground_new, ground_free),
	    cmocka_unit_test_setup_teardown(test_of_another_version, ground_new, ground_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
