#include "unit.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/wire.h"
#include "engine/control.h"
#include "engine/pool.h"

/*
 * The launcher and its provider hosts are played here. A host does what `script` says, a letter for
 * each request it gets, the last one for ever:
 *   o ok   h hang   d die in the call   D die, report of the death first   g garbage   i forged id
 *   t temp b batch with one failure     w wrong number of results   u unknown rc   l long handle
 *   m hostile words                     z hold back until release()
 * `heard` notes what the hosts get, `said` what the callers get.
 */
struct host {
	struct fixture *x;
	struct wire *wire;
	int number;
	bool dead; /* reported */
	struct host *next;
};

struct fixture {
	struct loop *l;
	struct control *c;
	struct pool *p;
	struct wire *launcher;
	struct loop_timer *limit, *late;
	struct buf said, heard;
	struct host *hosts;
	int last_host, left, starts, kills;
	const char *script, *hello;
	char state[40];
	bool mute; /* no report of deaths */
	const char *start_error;
	json_t *held;
	struct host *holder;
	bool free_in_callback, stop_when_held;
};

#define HELLO(replaces, ops, limits)                                                                  \
	"{\"protocol\":1,\"program\":\"test\",\"abi\":0,\"replaces\":\"" replaces "\",\"cas\":true,"  \
	"\"ops\":[\"add\",\"del\"" ops "],\"limits\":{" limits "}}"

static void too_long(void *arg)
{
	struct fixture *x = arg;

	fail_msg("nothing happened for 15 s; heard %s, said %s", x->heard.data, x->said.data);
}

static void report_death(struct host *h, const char *how)
{
	struct fixture *x = h->x;

	if (!x->mute && !h->dead)
		wire_send(x->launcher,
			  json_pack("{s:i, s:s, s:s}", "died", h->number, "how", how, "last", "ouch \x1b!"), -1);
	h->dead = true;
}

static void close_host(struct host *h, const char *how)
{
	wire_free(h->wire);
	h->wire = NULL;
	if (how)
		report_death(h, how);
}

static void note_request(struct host *h, json_t *line)
{
	const char *op = json_string_value(json_object_get(line, "op"));
	const char *name = json_string_value(json_object_get(line, "name"));
	json_t *change;
	size_t i;

	buf_printf(&h->x->heard, "%d:%s", h->number, op);
	if (name)
		buf_printf(&h->x->heard, " %s", name);
	json_array_foreach(json_object_get(line, "changes"), i, change)
		buf_printf(&h->x->heard, " %s %s", json_string_value(json_object_get(change, "op")),
			   json_string_value(json_object_get(change, "name")));
	buf_add_str(&h->x->heard, ";");
}

static json_t *good_answer(const json_t *line)
{
	const char *op = json_string_value(json_object_get(line, "op"));
	json_t *answer = json_pack("{s:O, s:s}", "id", json_object_get(line, "id"), "rc", "ok"), *results;

	if (!strcmp(op, "add"))
		json_object_set_new(answer, "handle", json_string("h1"));
	if (!strcmp(op, "list"))
		json_object_set_new(answer, "values", json_pack("[s, s]", "v1", "v2"));
	if (strcmp(op, "batch") != 0)
		return answer;
	results = json_array();
	for (size_t i = 0; i < json_array_size(json_object_get(line, "changes")); i++)
		json_array_append_new(results, json_pack("{s:s}", "rc", "ok"));
	json_object_set_new(answer, "results", results);
	return answer;
}

static json_t *answer_of(char letter, const json_t *line)
{
	json_t *id = json_object_get(line, "id"), *answer = good_answer(line);
	json_t *results = json_object_get(answer, "results");
	char handle[600] = "";

	switch (letter) {
	case 'i':
		json_object_set_new(answer, "id", json_integer(json_integer_value(id) + 1));
		break;
	case 't':
		json_decref(answer);
		return json_pack("{s:O, s:s, s:i, s:s}", "id", id, "rc", "temp", "after", 7, "msg", "busy");
	case 'm':
		json_decref(answer);
		return json_pack("{s:O, s:s, s:s}", "id", id, "rc", "refused", "msg", "add \x1b[1m--target\n");
	case 'b':
		json_array_set_new(results, 1,
				   json_pack("{s:s, s:s}", "rc", "conflict", "msg", "changed"));
		break;
	case 'w':
		json_array_remove(results, 0);
		break;
	case 'u':
		json_object_set_new(answer, "rc", json_string("fine"));
		break;
	case 'l':
		memset(handle, 'x', 512);
		json_object_set_new(answer, "handle", json_string(handle));
		break;
	default:
		break;
	}
	return answer;
}

static void on_request(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct host *h = arg;
	struct fixture *x = h->x;
	char letter = *x->script;

	if (!line) {
		close_host(h, NULL);
		return;
	}
	if (json_object_get(line, "program"))
		return;
	note_request(h, line);
	if (x->script[1])
		x->script++;
	if (letter == 'h')
		return;
	if (letter == 'z') {
		x->held = good_answer(line);
		x->holder = h;
		if (x->stop_when_held)
			loop_stop(x->l);
	} else if (letter == 'd') {
		close_host(h, "signal 11 (Segmentation fault)");
	} else if (letter == 'D') {
		report_death(h, "exit 3");
		wire_send(h->wire, answer_of('o', line), -1);
		loop_timer_set(x->late, 50); /* then only its wire closes */
	} else if (letter == 'g') {
		wire_send(h->wire, json_pack("{s:s}", "hello", "world"), -1);
	} else {
		wire_send(h->wire, answer_of(letter, line), -1);
	}
}

static void on_late(void *arg)
{
	struct fixture *x = arg;

	close_host(x->hosts, NULL);
}

static void release(struct fixture *x)
{
	wire_send(x->holder->wire, x->held, -1);
	x->held = NULL;
}

static void start_host(struct fixture *x, json_t *id)
{
	struct host *h = xcalloc(1, sizeof(*h));
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	h->x = x;
	h->number = ++x->last_host;
	h->next = x->hosts;
	x->hosts = h;
	h->wire = wire_new(x->l, fd[1], fd[1], on_request, h);
	wire_send(x->launcher, json_pack("{s:O, s:i}", "id", id, "host", h->number), fd[0]);
	if (!strcmp(x->hello, "die"))
		close_host(h, "exit 1");
	else if (*x->hello)
		wire_send(h->wire, json_loads(x->hello, 0, NULL), -1);
}

static void kill_host(struct fixture *x, int number)
{
	x->kills++;
	for (struct host *h = x->hosts; h; h = h->next)
		if (h->number == number)
			close_host(h, "signal 9 (Killed)");
}

static void on_launcher(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct fixture *x = arg;

	assert_non_null(line);
	if (json_object_get(line, "kill")) {
		kill_host(x, (int)json_integer_value(json_object_get(line, "kill")));
	} else if (json_object_get(line, "want")) {
		x->starts++;
		if (x->start_error)
			wire_send(x->launcher, json_pack("{s:O, s:s}", "id", json_object_get(line, "id"), "error", x->start_error), -1);
		else
			start_host(x, json_object_get(line, "id"));
	}
}

static int setup(void **state)
{
	struct fixture *x = xcalloc(1, sizeof(*x));
	struct control_handlers handlers = {0};
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	strcpy(x->state, "/tmp/test_pool.XXXXXX");
	assert_non_null(mkdtemp(x->state));
	x->l = loop_new();
	x->limit = loop_timer_new(x->l, too_long, x);
	x->late = loop_timer_new(x->l, on_late, x);
	loop_timer_set(x->limit, 15000);
	x->c = control_new(x->l, fd[0], &handlers);
	x->launcher = wire_new(x->l, fd[1], fd[1], on_launcher, x);
	x->p = pool_new(x->l, x->c, x->state);
	x->script = "o";
	x->hello = HELLO("record", ",\"check\",\"list\",\"batch\"", "");
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;
	struct host *h;
	char locks[60];

	pool_free(x->p);
	control_free(x->c);
	wire_free(x->launcher);
	while ((h = x->hosts)) {
		x->hosts = h->next;
		wire_free(h->wire);
		free(h);
	}
	loop_timer_free(x->limit);
	loop_timer_free(x->late);
	loop_free(x->l);
	json_decref(x->held);
	buf_free(&x->said);
	buf_free(&x->heard);
	snprintf(locks, sizeof(locks), "%s/locks", x->state);
	remove(locks);
	remove(x->state); /* fails if a lock file was left */
	assert_int_not_equal(access(x->state, F_OK), 0);
	free(x);
	return 0;
}

static void on_answer(void *arg, const struct pool_answer *a)
{
	static const char *const words[] = {"ok",	"temp",	   "rate",    "conflict", "auth",
					    "nozone", "invalid", "refused", "unknown",	"dead"};
	struct fixture *x = arg;

	buf_add_str(&x->said, words[a->rc]);
	if (a->handle)
		buf_printf(&x->said, " handle %s", a->handle);
	if (a->after_s)
		buf_printf(&x->said, " after %u", a->after_s);
	for (size_t i = 0; a->values && i < a->values->n; i++)
		buf_printf(&x->said, " %s", a->values->at[i]);
	buf_printf(&x->said, "%s%s;", a->message ? ": " : "", a->message ? a->message : "");
	if (x->free_in_callback) {
		pool_free(x->p);
		x->p = NULL;
		loop_stop(x->l);
	}
	if (!--x->left)
		loop_stop(x->l);
}

#define VALUE "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE"

static struct pool_call *write_txt(struct fixture *x, bool add, const char *zone, const char *owner)
{
	struct pool_txt txt = {.zone = zone, .owner = owner, .value = VALUE, .ttl = 60};

	if (add)
		return pool_add(x->p, "acct", &txt, 200, on_answer, x);
	txt.handle = "h0";
	return pool_del(x->p, "acct", &txt, 200, on_answer, x);
}

static struct pool_call *add(struct fixture *x, const char *owner)
{
	return write_txt(x, true, "test", owner);
}

/* Runs until n answers came. */
static void run(struct fixture *x, int n)
{
	x->left = n;
	loop_run(x->l);
}

/* Runs until a host holds a request back. */
static void until_held(struct fixture *x)
{
	x->stop_when_held = true;
	run(x, 0);
	x->stop_when_held = false;
}

static void said(struct fixture *x, const char *expected)
{
	assert_string_equal(x->said.data, expected);
	x->said.len = 0;
}

static void heard(struct fixture *x, const char *expected)
{
	assert_string_equal(x->heard.data, expected);
	x->heard.len = 0;
}

static void test_each_operation(void **state)
{
	struct fixture *x = *state;

	assert_null(pool_hello(x->p, "acct"));
	add(x, "a.test");
	assert_int_equal(x->said.len, 0);
	run(x, 1);
	said(x, "ok handle h1;");
	assert_true(pool_hello(x->p, "acct")->compare_and_swap);
	assert_true(pool_hello(x->p, "acct")->can_batch);
	write_txt(x, false, "test", "a.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	pool_list(x->p, "acct", "test", "a.test", 200, on_answer, x);
	pool_warm(x->p, "acct", on_answer, x);
	run(x, 4);
	said(x, "ok;ok;ok;ok v1 v2;"); /* the warm one first */
	heard(x, "1:add a.test;1:del a.test;1:check a.test;1:list a.test;");
	assert_int_equal(x->starts, 1);
	assert_int_equal(x->kills, 0);
}

static void test_warm_starts(void **state)
{
	struct fixture *x = *state;

	pool_warm(x->p, "acct", on_answer, x);
	run(x, 1);
	said(x, "ok;");
	assert_int_equal(x->starts, 1);
	assert_non_null(pool_hello(x->p, "acct"));
}

static void test_gathers_a_turn(void **state)
{
	struct fixture *x = *state;

	add(x, "a.test");
	write_txt(x, true, "other", "x.other");
	write_txt(x, false, "test", "b.test");
	add(x, "c.test");
	x->script = "bo";
	run(x, 4);
	heard(x, "1:batch add a.test del b.test add c.test;1:add x.other;");
	said(x, "ok;conflict: changed;ok;ok handle h1;");
}

static void test_gathers_while_one_runs(void **state)
{
	struct fixture *x = *state;

	x->hello = HELLO("record", ",\"batch\"", "\"most_parallel\":3");
	x->script = "zo";
	add(x, "a.test");
	until_held(x);
	add(x, "b.test");
	write_txt(x, true, "other", "x.other"); /* another zone goes on, by a second host */
	run(x, 1);
	said(x, "ok handle h1;");
	add(x, "c.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 1);
	said(x, "ok;");
	heard(x, "1:add a.test;2:add x.other;2:check a.test;");
	release(x);
	run(x, 3);
	said(x, "ok handle h1;ok;ok;");
	assert_non_null(strstr(x->heard.data, "batch add b.test add c.test;"));
}

static void test_batch_has_a_cap(void **state)
{
	struct fixture *x = *state;
	size_t changes = 0, batches = 0;

	for (int i = 0; i < 250; i++)
		add(x, "a.test");
	run(x, 250);
	for (const char *p = x->heard.data; (p = strstr(p, " add ")); p++)
		changes++;
	for (const char *p = x->heard.data; (p = strstr(p, ":batch ")); p++)
		batches++;
	assert_int_equal(changes, 250);
	assert_int_equal(batches, 3);
}

static void test_one_by_one(void **state)
{
	struct fixture *x = *state;

	x->hello = HELLO("record", "", "");
	add(x, "a.test");
	add(x, "b.test");
	pool_list(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 3);
	heard(x, "1:add a.test;1:add b.test;");
	assert_non_null(strstr(x->said.data, "invalid: this provider cannot list values;"));
}

static void test_provider_words(void **state)
{
	struct fixture *x = *state;

	x->script = "tm";
	add(x, "a.test");
	run(x, 1);
	said(x, "temp after 7: busy;");
	add(x, "a.test");
	run(x, 1);
	said(x, "refused: add ?[1m--target?;");
	assert_int_equal(x->starts, 1);
}

static void test_batch_fails_as_a_whole(void **state)
{
	struct fixture *x = *state;

	x->script = "t";
	add(x, "a.test");
	add(x, "b.test");
	run(x, 2);
	said(x, "temp after 7: busy;temp after 7: busy;");
}

static void test_hang_is_killed(void **state)
{
	struct fixture *x = *state;
	uint64_t start = loop_now(x->l);

	x->script = "ho";
	add(x, "a.test");
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 2);
	said(x, "unknown: DNS account 'acct': the provider host did not answer within 200 ms and was killed"
		" 2 s later; its last words: ouch ?!;ok;");
	heard(x, "1:add a.test;2:check a.test;");
	assert_true(loop_now(x->l) - start >= 2200);
	assert_int_equal(x->kills, 1);
	assert_int_equal(x->starts, 2);
}

static void test_death_in_a_call(void **state)
{
	struct fixture *x = *state;

	x->script = "do";
	add(x, "a.test");
	add(x, "b.test");
	pool_check(x->p, "acct", "test", "c.test", 200, on_answer, x);
	run(x, 3);
	said(x, "unknown: DNS account 'acct': the provider host died (signal 11 (Segmentation fault)); its last words: ouch ?!;"
		"unknown: DNS account 'acct': the provider host died (signal 11 (Segmentation fault)); its last words: ouch ?!;"
		"ok;");
	heard(x, "1:batch add a.test add b.test;2:check c.test;");
}

static void test_death_without_report(void **state)
{
	struct fixture *x = *state;

	x->mute = true;
	x->script = "do";
	add(x, "a.test");
	run(x, 1);
	said(x, "unknown: DNS account 'acct': the provider host died (it closed its output);");
}

static void test_report_before_the_answer(void **state)
{
	struct fixture *x = *state;

	x->script = "Dho";
	add(x, "a.test");
	run(x, 1);
	said(x, "ok handle h1;");
	add(x, "b.test"); /* goes to the dead host, whose wire closes soon */
	run(x, 1);
	said(x, "unknown: DNS account 'acct': the provider host died (exit 3); its last words: ouch ?!;");
	assert_int_equal(x->kills, 0);
}

static void check_garbage(struct fixture *x, const char *script, int calls, const char *what)
{
	char expected[400];

	x->script = script;
	for (int i = 0; i < calls; i++)
		add(x, "a.test");
	run(x, calls);
	snprintf(expected, sizeof(expected),
		 "unknown: DNS account 'acct': the provider host answered garbage (%s) and was killed; its last words: ouch ?!;", what);
	assert_memory_equal(x->said.data, expected, strlen(expected));
	x->said.len = 0;
	x->script = "o"; /* a good answer between, so that the account is not given up */
	add(x, "a.test");
	run(x, 1);
	said(x, "ok handle h1;");
}

static void test_garbage(void **state)
{
	struct fixture *x = *state;

	check_garbage(x, "g", 1, "the id is not that of the request");
	check_garbage(x, "i", 1, "the id is not that of the request");
	check_garbage(x, "u", 1, "no known \"rc\"");
	check_garbage(x, "l", 1, "no handle of at most 511 octets");
	check_garbage(x, "w", 2, "not as many results as changes");
	assert_int_equal(x->kills, 5);
	assert_int_equal(x->starts, 6);
}

static void test_speaks_unasked(void **state)
{
	struct fixture *x = *state;

	pool_warm(x->p, "acct", on_answer, x);
	run(x, 1);
	wire_send(x->hosts->wire, json_pack("{s:i, s:s}", "id", 1, "rc", "ok"), -1);
	add(x, "a.test");
	x->said.len = 0;
	run(x, 1);
	assert_int_equal(x->kills, 1);
}

static void test_error_hello(void **state)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":1,\"error\":\"option key: cannot read file:/etc/k\\u001b: --set key=...\"}";
	add(x, "a.test");
	pool_warm(x->p, "acct", on_answer, x);
	run(x, 2);
	said(x, "dead: option key: cannot read file:/etc/k?: --set key=...;"
		"dead: option key: cannot read file:/etc/k?: --set key=...;");
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: option key: cannot read file:/etc/k?: --set key=...;");
	assert_int_equal(x->starts, 1);
	assert_null(pool_hello(x->p, "acct"));
}

static void test_other_protocol(void **state)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":2}";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: the provider host speaks protocol 2, expected 1: install both from one version of "
		"dnsproof;");
}

static void test_five_starts(void **state)
{
	struct fixture *x = *state;

	x->hello = "die";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: DNS account 'acct': the provider host died (exit 1); its last words: ouch ?!;");
	assert_int_equal(x->starts, 5);
	add(x, "a.test");
	run(x, 1);
	assert_int_equal(x->starts, 5);
}

static void test_garbage_hello(void **state)
{
	struct fixture *x = *state;

	x->hello = "{\"protocol\":1,\"replaces\":\"everything\",\"ops\":[\"add\",\"del\"]}";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: DNS account 'acct': the provider host answered garbage (its first line lacks "
		"\"replaces\" or the operations add and del) and was killed; its last words: ouch ?!;");
	assert_int_equal(x->kills, 5);
}

static void test_launcher_cannot_start(void **state)
{
	struct fixture *x = *state;

	x->start_error = "too many processes";
	add(x, "a.test");
	run(x, 1);
	said(x, "dead: DNS account 'acct': the provider host could not be started: too many processes;");
	assert_int_equal(x->starts, 5);
}

static void test_cancel(void **state)
{
	struct fixture *x = *state;

	struct pool_call *c;

	x->script = "zo";
	pool_cancel(add(x, "never.test"));
	pool_cancel(NULL);
	c = add(x, "a.test");
	until_held(x);
	pool_cancel(c); /* handed over already: goes on, nobody is told */
	add(x, "b.test");
	release(x);
	run(x, 1);
	said(x, "ok handle h1;");
	heard(x, "1:add a.test;1:add b.test;");
}

static void test_free_inside(void **state)
{
	struct fixture *x = *state;

	add(x, "a.test");
	add(x, "b.test");
	add(x, "c.test");
	x->free_in_callback = true;
	run(x, 0);
	said(x, "ok;");
}

/* The lock file of a scope, as another run would hold it. */
static int hold_lock(struct fixture *x, const char *scope)
{
	uint64_t hash = 0xcbf29ce484222325u;
	char path[100];
	int fd;

	for (; *scope; scope++)
		hash = (hash ^ (unsigned char)*scope) * 0x100000001b3u;
	snprintf(path, sizeof(path), "%s/locks", x->state);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/locks/%016llx", x->state, (unsigned long long)hash);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	return fd;
}

static unsigned lock_files(const struct fixture *x)
{
	char command[100];
	unsigned n;
	FILE *f;

	snprintf(command, sizeof(command), "ls %s/locks | wc -l", x->state);
	f = popen(command, "r");
	assert_int_equal(fscanf(f, "%u", &n), 1);
	pclose(f);
	return n;
}

static void test_locks_of_other_runs(void **state)
{
	struct fixture *x = *state;
	int fd = hold_lock(x, "acct\ntest");

	x->hello = HELLO("zone", "", "\"most_parallel\":2");
	add(x, "a.test");
	write_txt(x, true, "other", "b.other"); /* not kept waiting */
	pool_check(x->p, "acct", "test", "a.test", 200, on_answer, x);
	run(x, 2);
	heard(x, "1:add b.other;1:check a.test;");
	said(x, "ok handle h1;ok;");
	close(fd);
	run(x, 1);
	assert_string_equal(x->heard.data + 1, ":add a.test;");
	assert_int_equal(lock_files(x), 0);
}

static void test_rrset_locks_here(void **state)
{
	struct fixture *x = *state;

	x->hello = HELLO("rrset", "", "\"most_parallel\":2");
	x->script = "zo";
	add(x, "a.test");
	add(x, "a.test"); /* waits, its set is being written */
	add(x, "b.test"); /* another set */
	run(x, 1);
	heard(x, "1:add a.test;2:add b.test;");
	assert_int_equal(lock_files(x), 1);
	release(x);
	run(x, 2);
	assert_int_equal(lock_files(x), 0);
	said(x, "ok handle h1;ok handle h1;ok handle h1;");
}

static void test_lock_impossible(void **state)
{
	struct fixture *x = *state;
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/locks", x->state);
	fd = open(path, O_CREAT | O_WRONLY, 0600); /* no folder */
	close(fd);
	x->hello = HELLO("zone", "", "");
	add(x, "a.test");
	run(x, 1);
	assert_memory_equal(x->said.data, "temp: lock file /tmp/", 21);
	assert_null(x->heard.data);
}

static void note_time(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "waiting;");
	loop_stop(x->l);
}

static void test_rate(void **state)
{
	struct fixture *x = *state;
	struct loop_timer *t = loop_timer_new(x->l, note_time, x);

	x->hello = HELLO("record", "", "\"requests_per_minute\":2");
	add(x, "a.test");
	add(x, "b.test");
	add(x, "c.test");
	run(x, 2);
	loop_timer_set(t, 300);
	run(x, 1);
	loop_timer_free(t);
	said(x, "ok handle h1;ok handle h1;waiting;");
	heard(x, "1:add a.test;1:add b.test;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_each_operation),
	    TEST(test_warm_starts),
	    TEST(test_gathers_a_turn),
	    TEST(test_gathers_while_one_runs),
	    TEST(test_batch_has_a_cap),
	    TEST(test_one_by_one),
	    TEST(test_provider_words),
	    TEST(test_batch_fails_as_a_whole),
	    TEST(test_hang_is_killed),
	    TEST(test_death_in_a_call),
	    TEST(test_death_without_report),
	    TEST(test_report_before_the_answer),
	    TEST(test_garbage),
	    TEST(test_speaks_unasked),
	    TEST(test_error_hello),
	    TEST(test_other_protocol),
	    TEST(test_five_starts),
	    TEST(test_garbage_hello),
	    TEST(test_launcher_cannot_start),
	    TEST(test_cancel),
	    TEST(test_free_inside),
	    TEST(test_locks_of_other_runs),
	    TEST(test_rrset_locks_here),
	    TEST(test_lock_impossible),
	    TEST(test_rate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
