#include "pool_world.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"

#define VALUE "abcdefghijklmnopqrstuvwxyz0123456789-_ABCDE"

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
		          json_pack("{s:i, s:s, s:s}", "died", h->number, "how", how, "last", "ouch \x1b!"),
		          -1);
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
	case 'y':
		json_decref(answer);
		return json_pack("{s:O, s:s, s:s}", "id", id, "rc", "busy", "msg", "another writes");
	case 'm':
		json_decref(answer);
		return json_pack("{s:O, s:s, s:s}", "id", id, "rc", "refused", "msg",
		                 "add \x1b[1m--cname-target\n");
	case 'b':
		json_array_set_new(results, 1, json_pack("{s:s, s:s}", "rc", "conflict", "msg", "changed"));
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
		if (letter >= '1' && letter <= '9')
			json_object_set_new(answer, "requests", json_integer(letter - '0'));
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

void release(struct fixture *x)
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
	if (json_object_get(line, "event")) {
		buf_printf(&x->said, "[%s]", json_string_value(json_object_get(line, "event")));
	} else if (json_object_get(line, "kill")) {
		kill_host(x, (int)json_integer_value(json_object_get(line, "kill")));
	} else if (json_object_get(line, "want")) {
		x->starts++;
		if (x->start_error)
			wire_send(x->launcher,
			          json_pack("{s:O, s:s}", "id", json_object_get(line, "id"), "error",
			                    x->start_error),
			          -1);
		else
			start_host(x, json_object_get(line, "id"));
	}
}

int setup(void **state)
{
	struct fixture *x = xcalloc(1, sizeof(*x));
	struct launcher_handlers handlers = {0};
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	x->l = loop_new();
	x->limit = loop_timer_new(x->l, too_long, x);
	x->late = loop_timer_new(x->l, on_late, x);
	loop_timer_set(x->limit, 15000);
	x->c = launcher_new(x->l, fd[0], &handlers);
	x->launcher = wire_new(x->l, fd[1], fd[1], on_launcher, x);
	x->p = pool_new(x->l, x->c, NULL);
	x->script = "o";
	x->hello = HELLO("record", ",\"check\",\"list\",\"batch\"", "");
	*state = x;
	return 0;
}

int teardown(void **state)
{
	struct fixture *x = *state;
	struct host *h;

	pool_free(x->p);
	launcher_free(x->c);
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
	free(x);
	return 0;
}

void on_answer(void *arg, const struct pool_answer *a)
{
	static const char *const words[] = {"ok",     "temp",    "rate",    "conflict", "auth",
	                                    "nozone", "invalid", "refused", "unknown",  "dead"};
	struct fixture *x = arg;

	buf_add_str(&x->said, words[a->rc]);
	if (a->unsent)
		buf_add_str(&x->said, " unsent");
	if (a->passes)
		buf_add_str(&x->said, " passes");
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

struct pool_call *write_txt(struct fixture *x, bool add, const char *zone, const char *owner)
{
	struct pool_txt txt = {.zone = zone, .owner = owner, .value = VALUE, .ttl = 60};

	if (add)
		return pool_add(x->p, "acct", &txt, 200, on_answer, x);
	txt.handle = "h0";
	return pool_del(x->p, "acct", &txt, 200, on_answer, x);
}

struct pool_call *add(struct fixture *x, const char *owner)
{
	return write_txt(x, true, "test", owner);
}

/* Runs until n answers came. */
void run(struct fixture *x, int n)
{
	x->left = n;
	loop_run(x->l);
}

/* Runs until a host holds a request back. */
void until_held(struct fixture *x)
{
	x->stop_when_held = true;
	run(x, 0);
	x->stop_when_held = false;
}

void said(struct fixture *x, const char *expected)
{
	assert_string_equal(x->said.data, expected);
	x->said.len = 0;
}

void heard(struct fixture *x, const char *expected)
{
	assert_string_equal(x->heard.data, expected);
	x->heard.len = 0;
}
