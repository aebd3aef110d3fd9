#include "unit.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/wire.h"
#include "engine/peers/launcher.h"

/* The launcher is played by `launcher`; `said` notes what the engine's side reports, `heard` what
 * the launcher gets. */
struct fixture {
	struct loop *l;
	struct launcher *c;
	struct wire *launcher;
	struct loop_timer *limit;
	struct buf said, heard;
	bool free_in_callback;
};

static void too_long(void *arg)
{
	fail_msg("nothing happened for 10 s");
}

static void on_heard(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct fixture *x = arg;
	char *text;

	assert_int_equal(passed_fd, -1);
	if (!line)
		return;
	text = json_dumps(line, JSON_COMPACT | JSON_SORT_KEYS);
	buf_printf(&x->heard, "%s\n", text);
	free(text);
	if (json_object_get(line, "done"))
		loop_stop(x->l);
}

static void on_job(void *arg, const json_t *job)
{
	struct fixture *x = arg;

	const char *run = json_string_value(json_object_get(json_object_get(job, "job"), "run"));

	buf_printf(&x->said, "job %s;", run ? run : "goes");
	if (x->free_in_callback) {
		launcher_free(x->c);
		x->c = NULL;
		loop_stop(x->l);
	}
}

static void on_wind_down(void *arg)
{
	buf_add_str(&((struct fixture *)arg)->said, "wind down;");
}

static void on_died(void *arg, int host, const char *how, const char *last)
{
	buf_printf(&((struct fixture *)arg)->said, "%d died of %s: %s;", host, how, last);
}

static void on_closed(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "closed;");
	loop_stop(x->l);
}

static int setup(void **state)
{
	struct fixture *x = xcalloc(1, sizeof(*x));
	struct launcher_handlers handlers = {on_job, on_wind_down, on_died, on_closed, x};
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	x->l = loop_new();
	x->limit = loop_timer_new(x->l, too_long, NULL);
	loop_timer_set(x->limit, 10000);
	x->c = launcher_new(x->l, fd[0], &handlers);
	x->launcher = wire_new(x->l, fd[1], fd[1], on_heard, x);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	launcher_free(x->c);
	wire_free(x->launcher);
	loop_timer_free(x->limit);
	loop_free(x->l);
	buf_free(&x->said);
	buf_free(&x->heard);
	free(x);
	return 0;
}

static void hang_up(struct fixture *x)
{
	wire_free(x->launcher);
	x->launcher = NULL;
}

TEST_WITH(test_from_launcher, setup, teardown)
{
	struct fixture *x = *state;

	wire_send(x->launcher, json_pack("{s:{s:s}}", "job", "run", "r1"), -1);
	wire_send(x->launcher, json_pack("{s:i}", "go", 1), -1);
	wire_send(x->launcher, json_pack("{s:{s:s}}", "job", "run", "r2"), -1); /* a second is not heard */
	wire_send(x->launcher, json_pack("{s:i, s:s, s:s}", "died", 7, "how", "signal 11", "last", "o\x1bx"),
	          -1);
	wire_send(x->launcher, json_pack("{s:i}", "signal", 1), -1);
	wire_send(x->launcher, json_pack("{s:i, s:s, s:n}", "died", 8, "how", "exit 2", "last"), -1);
	hang_up(x);
	loop_run(x->l);
	assert_string_equal(x->said.data,
	                    "job r1;job goes;7 died of signal 11: o?x;wind down;8 died of exit 2: ;closed;");
}

TEST_WITH(test_events, setup, teardown)
{
	struct fixture *x = *state;

	launcher_event(x->c, EVENT_WARN, "lame", json_pack("{s:i}", "n", 3), "line %d\nevil \x1b \xff", 1);
	launcher_event(x->c, EVENT_INFO, "plain", NULL, "%s", "");
	launcher_done(x->c, 5);
	loop_run(x->l);
	assert_string_equal(
	    x->heard.data,
	    "{\"event\":\"lame\",\"level\":\"warn\",\"message\":\"line 1\\nevil ? ?\",\"n\":3}\n"
	    "{\"event\":\"plain\",\"level\":\"info\",\"message\":\"\"}\n"
	    "{\"done\":5}\n");
	assert_true(launcher_idle(x->c));
}

static void on_host(void *arg, int host, int fd, const char *error)
{
	struct fixture *x = arg;

	assert_true((fd >= 0) == !error);
	buf_printf(&x->said, "host %d%s%s;", host, error ? " " : "", error ? error : "");
	if (fd >= 0)
		close(fd);
}

static void answer_hosts(struct fixture *x, int first)
{
	wire_send(x->launcher, json_pack("{s:i, s:s}", "id", first + 1, "error", "no such account"), -1);
	wire_send(x->launcher, json_pack("{s:i, s:i}", "id", first, "host", 40),
	          open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->launcher, json_pack("{s:i, s:i}", "id", first + 2, "host", 41), -1); /* no descriptor */
	wire_send(x->launcher, json_pack("{s:i, s:i}", "id", 4711, "host", 42),           /* nobody asked */
	          open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->launcher, json_pack("{s:i, s:i}", "id", first + 3, "host", 43), /* cancelled */
	          open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->launcher, json_pack("{s:i}", "signal", 1), -1);
}

static void stop(void *arg)
{
	loop_stop(arg);
}

TEST_WITH(test_hosts, setup, teardown)
{
	struct fixture *x = *state;
	struct loop_timer *t = loop_timer_new(x->l, stop, x->l);
	int other;

	launcher_want_host(x->c, "bind", on_host, x);
	launcher_want_host(x->c, "cf", on_host, x);
	launcher_want_host(x->c, "third", on_host, x);
	launcher_want_host(x->c, "fourth", on_host, &other);
	launcher_cancel_host(x->c, &other);
	answer_hosts(x, 1);
	loop_timer_set(t, 50);
	loop_run(x->l);
	loop_timer_free(t);
	assert_string_equal(x->said.data, "host -1 no such account;host 40;"
	                                  "host -1 the launcher sent no descriptor;wind down;");
	assert_string_equal(x->heard.data, "{\"dns\":\"bind\",\"id\":1,\"want\":\"host\"}\n"
	                                   "{\"dns\":\"cf\",\"id\":2,\"want\":\"host\"}\n"
	                                   "{\"dns\":\"third\",\"id\":3,\"want\":\"host\"}\n"
	                                   "{\"dns\":\"fourth\",\"id\":4,\"want\":\"host\"}\n"
	                                   "{\"kill\":41}\n{\"kill\":42}\n{\"kill\":43}\n");
}

TEST_WITH(test_launcher_gone, setup, teardown)
{
	struct fixture *x = *state;

	launcher_want_host(x->c, "bind", on_host, x);
	hang_up(x);
	loop_run(x->l);
	assert_string_equal(x->said.data, "host -1 the launcher is gone;closed;");
	launcher_want_host(x->c, "bind", on_host, x);
	launcher_done(x->c, 1);
	assert_true(launcher_idle(x->c));
	loop_timer_free(x->limit);
	x->limit = NULL;
	loop_run(x->l);
	assert_string_equal(x->said.data,
	                    "host -1 the launcher is gone;closed;host -1 the launcher is gone;");
}

TEST_WITH(test_free_inside, setup, teardown)
{
	struct fixture *x = *state;

	x->free_in_callback = true;
	wire_send(x->launcher, json_pack("{s:{s:s}}", "job", "run", "r1"), -1);
	wire_send(x->launcher, json_pack("{s:i}", "signal", 1), -1);
	loop_run(x->l);
	assert_string_equal(x->said.data, "job r1;");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
