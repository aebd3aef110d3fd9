#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/wire.h"

/* a is the wire under test; the peer is a raw descriptor or the wire b. */
struct fixture {
	struct loop *l;
	struct wire *a, *b;
	int peer;
	struct loop_timer *limit;
	struct buf said;
	int fds;
	int free_at; /* free a at this line */
};

static void too_long(void *arg)
{
	fail_msg("nothing happened for 10 s");
}

static int setup(void **state)
{
	struct fixture *x = xcalloc(1, sizeof(*x));

	x->l = loop_new();
	x->limit = loop_timer_new(x->l, too_long, NULL);
	loop_timer_set(x->limit, 10000);
	x->peer = -1;
	x->free_at = -1;
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	wire_free(x->a);
	wire_free(x->b);
	loop_timer_free(x->limit);
	loop_free(x->l);
	if (x->peer >= 0)
		close(x->peer);
	buf_free(&x->said);
	free(x);
	return 0;
}

/* Writes what it gets as "n" or "n+" (with a descriptor) and " end: why". */
static void note(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct fixture *x = arg;
	int n = (int)json_integer_value(json_object_get(line, "n"));

	if (!line) {
		assert_int_equal(passed_fd, -1);
		buf_printf(&x->said, "end: %s", why);
		loop_stop(x->l);
		return;
	}
	buf_printf(&x->said, "%d%s ", n, passed_fd >= 0 ? "+" : "");
	if (passed_fd >= 0) {
		x->fds++;
		assert_true(fcntl(passed_fd, F_GETFD) & FD_CLOEXEC);
		close(passed_fd);
	}
	if (n == x->free_at) {
		wire_free(x->a);
		x->a = NULL;
		loop_stop(x->l);
	}
}

static void open_raw(struct fixture *x)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	x->peer = fd[1];
	x->a = wire_new(x->l, fd[0], fd[0], note, x);
}

static void put(struct fixture *x, const char *text)
{
	assert_int_equal(send(x->peer, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

static void hang_up(struct fixture *x)
{
	close(x->peer);
	x->peer = -1;
}

static void run_for(struct fixture *x, const char *expected)
{
	loop_run(x->l);
	assert_string_equal(x->said.data, expected);
}

TEST_WITH(test_lines, setup, teardown)
{
	struct fixture *x = *state;

	open_raw(x);
	put(x, "{\"n\":1}\n{\"n\":2}\n{ \"n\": 3 }\n");
	hang_up(x);
	run_for(x, "1 2 3 end: closed");
}

static struct fixture *drip_x;
static const char *drip_text;

static void drip(void *arg)
{
	struct loop_timer **t = arg;

	if (!*drip_text) {
		hang_up(drip_x);
		return;
	}
	assert_int_equal(send(drip_x->peer, drip_text++, 1, 0), 1);
	loop_timer_set(*t, 0);
}

TEST_WITH(test_split_lines, setup, teardown)
{
	struct fixture *x = *state;
	struct loop_timer *t = NULL;

	open_raw(x);
	drip_x = x;
	drip_text = "{\"n\":1}\n{\"n\":2}\n";
	t = loop_timer_new(x->l, drip, &t);
	loop_timer_set(t, 0);
	run_for(x, "1 2 end: closed");
	loop_timer_free(t);
}

TEST_WITH(test_half_line, setup, teardown)
{
	struct fixture *x = *state;

	open_raw(x);
	put(x, "{\"n\":1}\n{\"n\":2}");
	hang_up(x);
	run_for(x, "1 end: closed in the middle of a line");
}

static void check_garbage(struct fixture *x, const char *line)
{
	x->said.len = 0;
	open_raw(x);
	put(x, "{\"n\":1}\n");
	put(x, line);
	put(x, "\n{\"n\":2}\n");
	run_for(x, "1 end: garbage: not one JSON object a line");
	wire_free(x->a);
	x->a = NULL;
	hang_up(x);
}

TEST_WITH(test_garbage, setup, teardown)
{
	struct fixture *x = *state;
	char deep[5000];

	check_garbage(x, "");
	check_garbage(x, "hello");
	check_garbage(x, "[1]");
	check_garbage(x, "{\"n\":1} {\"n\":2}");
	check_garbage(x, "{\"n\":1,\"n\":2}");
	check_garbage(x, "{\"n\":1");
	check_garbage(x, "{\"n\":\"\xff\"}");
	check_garbage(x, "{\"n\":\"\\u0000\"}");
	check_garbage(x, "{\"n\":1e999}");
	memset(deep, '[', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	memcpy(deep, "{\"n\":", 5);
	check_garbage(x, deep);
}

static void *flood(void *arg)
{
	int fd = *(int *)arg;
	char chunk[4096];

	memset(chunk, 'x', sizeof(chunk));
	while (send(fd, chunk, sizeof(chunk), MSG_NOSIGNAL) > 0)
		;
	return NULL;
}

TEST_WITH(test_line_too_long, setup, teardown)
{
	struct fixture *x = *state;
	pthread_t thread;

	open_raw(x);
	assert_int_equal(pthread_create(&thread, NULL, flood, &x->peer), 0);
	run_for(x, "end: line too long");
	pthread_join(thread, NULL); /* the wire has closed its end: send() fails */
}

TEST_WITH(test_free_in_callback, setup, teardown)
{
	struct fixture *x = *state;

	open_raw(x);
	x->free_at = 2;
	put(x, "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
	run_for(x, "1 2 ");
	assert_null(x->a);
}

static void ignore(void *arg, json_t *line, int passed_fd, const char *why)
{
	assert_int_equal(passed_fd, -1);
}

static void open_pair(struct fixture *x)
{
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	x->a = wire_new(x->l, fd[0], fd[0], note, x);
	x->b = wire_new(x->l, fd[1], fd[1], ignore, x);
}

static json_t *numbered(int n)
{
	return json_pack("{s:i}", "n", n);
}

TEST_WITH(test_passed_fds, setup, teardown)
{
	struct fixture *x = *state;

	open_pair(x);
	wire_send(x->b, numbered(1), -1);
	wire_send(x->b, numbered(2), open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->b, numbered(3), open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->b, numbered(4), -1);
	wire_send(x->b, numbered(5), open("/dev/null", O_RDONLY | O_CLOEXEC));
	wire_send(x->b, numbered(6), -1);
	assert_true(wire_idle(x->b));
	wire_free(x->b);
	x->b = NULL;
	run_for(x, "1 2+ 3+ 4 5+ 6 end: closed");
}

/* Lines larger than the socket's buffer, with a descriptor each: the queue and partial writes. */
TEST_WITH(test_big_lines, setup, teardown)
{
	struct fixture *x = *state;
	char *big = xcalloc(1, 600001);

	memset(big, 'y', 600000);
	open_pair(x);
	for (int i = 1; i <= 5; i++) {
		json_t *line = numbered(i);

		json_object_set_new(line, "big", json_string(big));
		wire_send(x->b, line, open("/dev/null", O_RDONLY | O_CLOEXEC));
		wire_send(x->b, numbered(i + 10), -1);
	}
	assert_false(wire_idle(x->b));
	x->free_at = 15;
	run_for(x, "1+ 11 2+ 12 3+ 13 4+ 14 5+ 15 ");
	free(big);
}

static void send_fd(int to, const char *text, int n)
{
	int fds[3] = {0, 0, 0};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(fds))];
	} control = {0};
	struct iovec v = {(char *)text, strlen(text)};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};

	m.msg_control = control.bytes;
	m.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)n);
	control.align.cmsg_len = CMSG_LEN(sizeof(int) * (size_t)n);
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.align), fds, sizeof(int) * (size_t)n);
	assert_int_equal(sendmsg(to, &m, MSG_NOSIGNAL), strlen(text));
}

static unsigned open_fds(void)
{
	unsigned n = 0;

	for (int i = 0; i < 200; i++)
		n += fcntl(i, F_GETFD) >= 0;
	return n;
}

static void send_middle(void *arg)
{
	send_fd(((struct fixture *)arg)->peer, "}\n", 1);
}

TEST_WITH(test_bad_descriptors, setup, teardown)
{
	struct fixture *x = *state;
	unsigned before = open_fds();
	struct loop_timer *t;

	open_raw(x);
	send_fd(x->peer, "{\"n\":1}\n", 3); /* three with one line */
	run_for(x, "end: garbage: descriptors that belong to no line");
	wire_free(x->a);
	hang_up(x);
	x->said.len = 0;

	open_raw(x);
	put(x, "{\"n\":1");
	t = loop_timer_new(x->l, send_middle, x);
	loop_timer_set(t, 20); /* when the first part was read */
	run_for(x, "end: garbage: descriptors that belong to no line");
	wire_free(x->a);
	hang_up(x);
	loop_timer_free(t);
	x->said.len = 0;

	open_raw(x);
	send_fd(x->peer, "{\"n\":1}", 1); /* its line never ends */
	hang_up(x);
	run_for(x, "end: closed in the middle of a line");
	wire_free(x->a);
	x->a = NULL;
	assert_int_equal(open_fds(), before);
}

TEST_WITH(test_send_to_closed_peer, setup, teardown)
{
	struct fixture *x = *state;

	open_raw(x);
	put(x, "{\"n\":1}\n{\"n\":2}\n"); /* last words are still heard */
	hang_up(x);
	wire_send(x->a, numbered(1), -1);
	wire_send(x->a, numbered(2), open("/dev/null", O_RDONLY | O_CLOEXEC));
	run_for(x, "1 2 end: closed");
	wire_send(x->a, numbered(3), open("/dev/null", O_RDONLY | O_CLOEXEC));
	assert_true(wire_idle(x->a));
}

TEST_WITH(test_sends_nothing_too_long, setup, teardown)
{
	struct fixture *x = *state;
	char *big = xcalloc(1, WIRE_MOST + 1);

	open_raw(x);
	memset(big, 'y', WIRE_MOST);
	assert_false(
	    wire_send(x->a, json_pack("{s:s}", "big", big), open("/dev/null", O_RDONLY | O_CLOEXEC)));
	assert_true(wire_idle(x->a));
	assert_true(wire_send(x->a, json_pack("{s:i}", "n", 1), -1));
	put(x, "{\"n\":2}\n");
	hang_up(x);
	run_for(x, "2 end: closed"); /* the wire went on */
	free(big);
}

TEST_WITH(test_pipes, setup, teardown)
{
	struct fixture *x = *state;
	int to[2], from[2];
	char text[100];
	ssize_t n;

	assert_int_equal(pipe(to), 0);
	assert_int_equal(pipe(from), 0);
	x->a = wire_new(x->l, from[0], to[1], note, x);
	wire_send(x->a, numbered(7), -1);
	n = read(to[0], text, sizeof(text));
	assert_int_equal(n, 8);
	assert_memory_equal(text, "{\"n\":7}\n", 8);
	assert_int_equal(write(from[1], "{\"n\":1}\n", 8), 8);
	close(to[0]); /* the peer stops reading but keeps its output open */
	wire_send(x->a, numbered(8), -1);
	run_for(x, "1 end: closed");
	close(from[1]);
}

TEST(test_blocking_twin)
{
	struct buf rest;
	const char *why;
	json_t *line;
	int fd[2];

	buf_init(&rest, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	assert_true(wire_write(fd[0], numbered(1)));
	assert_true(wire_write(fd[0], numbered(2)));
	assert_int_equal(send(fd[0], "nonsense\n{", 10, 0), 10);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(wire_read(fd[1], &rest, &line, &why), 1);
		assert_int_equal(json_integer_value(json_object_get(line, "n")), i);
		json_decref(line);
	}
	assert_int_equal(wire_read(fd[1], &rest, &line, &why), -1);
	assert_null(line);
	assert_string_equal(why, "garbage: not one JSON object a line");
	close(fd[0]);
	assert_int_equal(wire_read(fd[1], &rest, &line, &why), -1);
	assert_string_equal(why, "closed in the middle of a line");
	buf_free(&rest);
	assert_int_equal(wire_read(fd[1], &rest, &line, &why), 0);
	assert_false(wire_write(fd[1], numbered(3)));
	close(fd[1]);
}

TEST(test_blocking_twin_too_long)
{
	struct buf rest;
	const char *why;
	pthread_t thread;
	json_t *line;
	int fd[2];

	buf_init(&rest, 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	assert_int_equal(pthread_create(&thread, NULL, flood, &fd[0]), 0);
	assert_int_equal(wire_read(fd[1], &rest, &line, &why), -1);
	assert_string_equal(why, "line too long");
	close(fd[1]);
	pthread_join(thread, NULL);
	close(fd[0]);
	buf_free(&rest);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
