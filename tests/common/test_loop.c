/* Built twice: against loop.c (test_loop) and against fake_loop.c (test_fake_loop). */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef FAKE_LOOP
#include "fake_loop.h"
#else
#include "common/loop.h"
#endif
#include "common/buf.h"

struct fixture {
	struct loop *l;
	struct loop_timer *t[4];
	struct loop_fd *f;
	int fd[2];
	struct buf said;
	int left;
};

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	x->l = loop_new();
	x->fd[0] = x->fd[1] = -1;
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	for (int i = 0; i < 4; i++)
		loop_timer_free(x->t[i]);
	loop_fd_free(x->f);
	loop_free(x->l);
	for (int i = 0; i < 2; i++)
		if (x->fd[i] >= 0)
			close(x->fd[i]);
	buf_free(&x->said);
	free(x);
	return 0;
}

static void say_a(void *arg)
{
	buf_add_str(&((struct fixture *)arg)->said, "a");
}

static void say_b(void *arg)
{
	buf_add_str(&((struct fixture *)arg)->said, "b");
}

static void say_c(void *arg)
{
	buf_add_str(&((struct fixture *)arg)->said, "c");
}

static void say_end(void *arg)
{
	buf_add_str(&((struct fixture *)arg)->said, ".");
}

TEST_WITH(test_order, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t start = loop_now(x->l);

	x->t[0] = loop_timer_new(x->l, say_a, x);
	x->t[1] = loop_timer_new(x->l, say_b, x);
	x->t[2] = loop_timer_new(x->l, say_c, x);
	x->t[3] = loop_timer_new(x->l, say_c, x);
	loop_timer_set(x->t[0], 60);
	loop_timer_set(x->t[1], 20);
	loop_timer_set(x->t[2], 0);
	loop_timer_set(x->t[3], 5);
	loop_timer_stop(x->t[3]);
	loop_run(x->l);
	assert_string_equal(x->said.data, "cba");
	assert_true(loop_now(x->l) - start >= 60);
}

TEST_WITH(test_set_again_moves, setup, teardown)
{
	struct fixture *x = *state;

	x->t[0] = loop_timer_new(x->l, say_a, x);
	x->t[1] = loop_timer_new(x->l, say_b, x);
	loop_timer_set(x->t[0], 0);
	loop_timer_set(x->t[0], 40);
	loop_timer_set(x->t[1], 20);
	loop_timer_set(x->t[1], 0);
	loop_run(x->l);
	assert_string_equal(x->said.data, "ba");
	loop_timer_set(x->t[1], 1);
	loop_run(x->l);
	assert_string_equal(x->said.data, "bab");
}

static void rearm(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "r");
	if (--x->left)
		loop_timer_set(x->t[0], x->left % 2);
}

TEST_WITH(test_rearm_is_next_turn, setup, teardown)
{
	struct fixture *x = *state;

	loop_at_turn_end(x->l, say_end, x);
	x->left = 4;
	x->t[0] = loop_timer_new(x->l, rearm, x);
	loop_timer_set(x->t[0], 0);
	loop_run(x->l);
	/* between any two callbacks stands at least one turn end, and one at the end */
	assert_null(strstr(x->said.data, "rr"));
	assert_int_equal(x->said.data[x->said.len - 1], '.');
}

static void free_both(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "f");
	for (int i = 0; i < 3; i++) {
		loop_timer_free(x->t[i]);
		x->t[i] = NULL;
	}
}

TEST_WITH(test_free_inside, setup, teardown)
{
	struct fixture *x = *state;

	for (uint64_t ms = 0; ms < 2; ms++) {
		for (int i = 0; i < 3; i++) {
			x->t[i] = loop_timer_new(x->l, free_both, x);
			loop_timer_set(x->t[i], ms);
		}
		loop_run(x->l);
	}
	assert_string_equal(x->said.data, "ff");
}

static void stop(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, "s");
	loop_stop(x->l);
}

TEST_WITH(test_stop, setup, teardown)
{
	struct fixture *x = *state;

	loop_at_turn_end(x->l, say_end, x);
	x->t[0] = loop_timer_new(x->l, stop, x);
	x->t[1] = loop_timer_new(x->l, say_a, x);
	loop_timer_set(x->t[0], 1);
	loop_timer_set(x->t[1], 3600000);
	loop_run(x->l);
	assert_non_null(strstr(x->said.data, "s."));
	assert_null(strstr(x->said.data, "a"));
	loop_timer_set(x->t[0], 1);
	loop_run(x->l);
	assert_null(strstr(x->said.data, "a"));
}

static void set_once(void *arg)
{
	struct fixture *x = arg;

	buf_add_str(&x->said, ".");
	if (x->left && x->left-- == 1)
		loop_timer_set(x->t[0], 0);
}

TEST_WITH(test_turn_end_makes_work, setup, teardown)
{
	struct fixture *x = *state;
	const char *a;

	x->t[0] = loop_timer_new(x->l, say_a, x);
	x->t[1] = loop_timer_new(x->l, say_b, x);
	loop_at_turn_end(x->l, set_once, x);
	x->left = 3;
	loop_timer_set(x->t[1], 10);
	loop_run(x->l);
	a = strchr(x->said.data, 'a');
	assert_non_null(a);
	assert_int_equal(a[1], '.');
}

static void read_all(void *arg, int ready)
{
	struct fixture *x = arg;
	char text[100];
	ssize_t n;

	assert_true(ready & LOOP_READ);
	n = read(x->fd[0], text, sizeof(text));
	if (n > 0) {
		buf_add(&x->said, text, (size_t)n);
		return;
	}
	buf_add_str(&x->said, "<eof>");
	loop_fd_free(x->f);
	x->f = NULL;
}

static void write_more(void *arg)
{
	struct fixture *x = arg;

	assert_int_equal(write(x->fd[1], "more", 4), 4);
	shutdown(x->fd[1], SHUT_WR);
}

TEST_WITH(test_fd, setup, teardown)
{
	struct fixture *x = *state;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, x->fd), 0);
	x->f = loop_fd_new(x->l, x->fd[0], read_all, x);
	loop_run(x->l); /* nothing wanted, nothing to wait for */
	loop_fd_want(x->f, LOOP_READ);
	x->t[0] = loop_timer_new(x->l, write_more, x);
	loop_timer_set(x->t[0], 10);
	assert_int_equal(write(x->fd[1], "one", 3), 3);
	loop_run(x->l);
	assert_string_equal(x->said.data, "onemore<eof>");
}

static void on_writable(void *arg, int ready)
{
	struct fixture *x = arg;

	assert_true(ready & LOOP_WRITE);
	buf_add_str(&x->said, "w");
	loop_fd_want(x->f, 0);
}

TEST_WITH(test_write_and_hangup, setup, teardown)
{
	struct fixture *x = *state;

	assert_int_equal(pipe(x->fd), 0);
	x->f = loop_fd_new(x->l, x->fd[1], on_writable, x);
	loop_fd_want(x->f, LOOP_WRITE);
	loop_run(x->l);
	assert_string_equal(x->said.data, "w");
	close(x->fd[0]);
	x->fd[0] = -1;
	loop_fd_want(x->f, LOOP_WRITE); /* an error now */
	loop_run(x->l);
	assert_string_equal(x->said.data, "ww");
	loop_fd_want(x->f, LOOP_WRITE);
	loop_run(x->l);
	assert_string_equal(x->said.data, "www");
}

static void free_and_reuse(void *arg, int ready)
{
	struct fixture *x = arg;

	loop_fd_free(x->f);
	close(x->fd[0]);
	close(x->fd[1]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, x->fd), 0);
	x->f = loop_fd_new(x->l, x->fd[0], read_all, x);
	loop_fd_want(x->f, LOOP_READ);
	write_more(x);
}

TEST_WITH(test_fd_number_reused, setup, teardown)
{
	struct fixture *x = *state;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, x->fd), 0);
	x->f = loop_fd_new(x->l, x->fd[0], free_and_reuse, x);
	loop_fd_want(x->f, LOOP_READ);
	assert_int_equal(write(x->fd[1], "x", 1), 1);
	loop_run(x->l);
	assert_string_equal(x->said.data, "more<eof>");
}

static void on_signal(void *arg, int signum)
{
	struct fixture *x = arg;

	buf_printf(&x->said, "%d", signum == SIGUSR1);
	loop_stop(x->l);
}

#ifndef FAKE_LOOP
static void raise_it(void *arg)
{
	raise(SIGUSR1);
}
#endif

TEST_WITH(test_signal, setup, teardown)
{
	struct fixture *x = *state;

	loop_on_signal(x->l, SIGUSR1, on_signal, x);
	loop_run(x->l); /* a signal alone does not keep it going */
#ifdef FAKE_LOOP
	fake_loop_signal(x->l, SIGUSR1);
#else
	x->t[0] = loop_timer_new(x->l, raise_it, x);
	x->t[1] = loop_timer_new(x->l, say_a, x);
	loop_timer_set(x->t[0], 1);
	loop_timer_set(x->t[1], 3600000);
	loop_run(x->l);
#endif
	assert_string_equal(x->said.data, "1");
}

#ifdef FAKE_LOOP
TEST_WITH(test_virtual_time, setup, teardown)
{
	struct fixture *x = *state;
	uint64_t start = loop_now(x->l);

	x->t[0] = loop_timer_new(x->l, say_a, x);
	x->t[1] = loop_timer_new(x->l, say_b, x);
	loop_timer_set(x->t[0], 86400000);
	loop_timer_set(x->t[1], 3600000);
	fake_loop_advance(x->l, 3599999);
	assert_int_equal(x->said.len, 0);
	fake_loop_advance(x->l, 1);
	assert_string_equal(x->said.data, "b");
	loop_run(x->l);
	assert_string_equal(x->said.data, "ba");
	assert_int_equal(loop_now(x->l) - start, 86400000);
	fake_loop_advance(x->l, 5);
	assert_int_equal(loop_now(x->l) - start, 86400005);
	assert_int_equal(fake_loop_watchers(x->l), 2);
	assert_false(fake_loop_turn(x->l));
}

/* Dates move with the virtual clock, and can be set as by a person. */
TEST_WITH(test_virtual_wall, setup, teardown)
{
	struct fixture *x = *state;

	fake_loop_set_wall(x->l, 1900000000);
	fake_loop_advance(x->l, 86400000);
	assert_int_equal(loop_wall(x->l), 1900086400);
	fake_loop_set_wall(x->l, 1000);
	assert_int_equal(loop_wall(x->l), 1000);
}
#endif

int main(void)
{
	return unit_run(NULL, NULL);
}
