#include "unit.h"

#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/wire.h"
#include "engine/peers/keeper.h"

/* The keeper is played by `keeper`, which answers by op. */
struct fixture {
	struct loop *l;
	struct keeper *s;
	struct wire *keeper;
	struct loop_timer *limit;
	struct buf said;
	int left; /* answers until the loop stops */
	json_t *held;
	bool free_in_callback, again;
};

static void too_long(void *arg)
{
	fail_msg("nothing happened for 10 s");
}

static void on_request(void *arg, json_t *line, int passed_fd, const char *why)
{
	struct fixture *x = arg;
	const char *op = json_string_value(json_object_get(line, "op"));
	json_t *id = json_object_get(line, "id");

	if (!line)
		return;
	if (!strcmp(op, "good")) {
		wire_send(x->keeper, json_pack("{s:O, s:s}", "id", id, "value", "v"), -1);
	} else if (!strcmp(op, "bad")) {
		wire_send(x->keeper, json_pack("{s:O, s:s}", "id", id, "error", "no \x1b[1m such"), -1);
	} else if (!strcmp(op, "hold")) {
		json_decref(x->held);
		x->held = json_incref(id);
	} else if (!strcmp(op, "release")) {
		wire_send(x->keeper, json_pack("{s:O}", "id", id), -1);
		wire_send(x->keeper, json_pack("{s:o}", "id", x->held), -1);
		x->held = NULL;
	} else if (!strcmp(op, "forge")) {
		wire_send(x->keeper, json_pack("{s:i}", "id", 4711), -1);
	} else {
		wire_free(x->keeper);
		x->keeper = NULL;
	}
}

static void on_gone(void *arg, const char *why)
{
	struct fixture *x = arg;

	buf_printf(&x->said, "GONE: %s;", why);
	loop_stop(x->l);
}

static int setup(void **state)
{
	struct fixture *x = xcalloc(1, sizeof(*x));
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd), 0);
	x->l = loop_new();
	x->limit = loop_timer_new(x->l, too_long, NULL);
	loop_timer_set(x->limit, 10000);
	x->s = keeper_new(x->l, fd[0], on_gone, x);
	x->keeper = wire_new(x->l, fd[1], fd[1], on_request, x);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	keeper_free(x->s);
	wire_free(x->keeper);
	loop_timer_free(x->limit);
	loop_free(x->l);
	json_decref(x->held);
	buf_free(&x->said);
	free(x);
	return 0;
}

static void on_answer(void *arg, const json_t *answer, const char *error)
{
	struct fixture *x = arg;
	const char *value = json_string_value(json_object_get(answer, "value"));

	assert_true(error || answer);
	buf_printf(&x->said, "%s%s;", error ? "error: " : "", error ? error : value ? value : "{}");
	if (x->free_in_callback) {
		keeper_free(x->s);
		x->s = NULL;
		loop_stop(x->l);
	}
	if (x->again) {
		x->again = false;
		keeper_send(x->s, json_pack("{s:s}", "op", "good"), on_answer, x);
	}
	if (x->left && !--x->left)
		loop_stop(x->l);
}

static struct keeper_call *ask(struct fixture *x, const char *op)
{
	return keeper_send(x->s, json_pack("{s:s}", "op", op), on_answer, x);
}

TEST_WITH(test_answers, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "good");
	ask(x, "bad");
	ask(x, "good");
	assert_int_equal(x->said.len, 0);
	x->left = 3;
	loop_run(x->l);
	assert_string_equal(x->said.data, "v;error: no ?[1m such;v;");
}

/* A chain that is too long for a line must not cost the other certificates of the run. */
TEST_WITH(test_a_request_too_long_costs_itself, setup, teardown)
{
	struct fixture *x = *state;
	char *big = xcalloc(1, WIRE_MOST + 1);

	memset(big, 'y', WIRE_MOST);
	ask(x, "good");
	keeper_send(x->s, json_pack("{s:s, s:s}", "op", "good", "chain", big), on_answer, x);
	ask(x, "good");
	x->left = 3;
	loop_run(x->l);
	assert_non_null(strstr(x->said.data, "error: a request to the keeper would be longer than 1 MiB;"));
	assert_null(strstr(x->said.data, "GONE"));
	buf_free(&x->said);
	buf_init(&x->said, 0);
	ask(x, "good");
	x->left = 1;
	loop_run(x->l);
	assert_string_equal(x->said.data, "v;");
	free(big);
}

TEST_WITH(test_any_order, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "hold");
	ask(x, "good");
	ask(x, "release");
	ask(x, "good");
	x->left = 4;
	loop_run(x->l);
	assert_string_equal(x->said.data, "v;{};{};v;");
}

TEST_WITH(test_cancel, setup, teardown)
{
	struct fixture *x = *state;

	keeper_cancel(ask(x, "good"));
	ask(x, "bad");
	keeper_cancel(NULL);
	x->left = 1;
	loop_run(x->l);
	assert_string_equal(x->said.data, "error: no ?[1m such;");
}

TEST_WITH(test_death, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "hold");
	ask(x, "hold");
	keeper_cancel(ask(x, "hold"));
	ask(x, "die");
	x->again = true; /* the first callback asks once more: answered too, after `gone` */
	loop_run(x->l);
	assert_string_equal(x->said.data,
	                    "error: the keeper is gone (closed);error: the keeper is gone (closed);"
	                    "error: the keeper is gone (closed);GONE: the keeper is gone (closed);");
	x->said.len = 0;
	x->left = 2;
	ask(x, "good");
	loop_run(x->l);
	assert_string_equal(x->said.data,
	                    "error: the keeper is gone (closed);error: the keeper is gone (closed);");
}

TEST_WITH(test_forged_answer, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "forge");
	loop_run(x->l);
	assert_string_equal(x->said.data, "error: the keeper is gone (it answered what was not asked);"
	                                  "GONE: the keeper is gone (it answered what was not asked);");
}

TEST_WITH(test_free_inside, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "good");
	ask(x, "good");
	x->free_in_callback = true;
	loop_run(x->l);
	assert_string_equal(x->said.data, "v;");
}

TEST_WITH(test_free_inside_death, setup, teardown)
{
	struct fixture *x = *state;

	ask(x, "die");
	ask(x, "good");
	x->free_in_callback = true;
	loop_run(x->l);
	assert_string_equal(x->said.data, "error: the keeper is gone (closed);");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
