#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "common/err.h"
#include "common/log.h"
#include "common/mem.h"
#include "common/sanitized.h"

TEST(test_grow)
{
	size_t *a = NULL;

	for (size_t i = 0; i < 1000; i++) {
		a = xgrow(a, i, sizeof(*a));
		a[i] = i;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(a[i], i);
	free(a);
}

TEST(test_grow_after_shrink)
{
	char **a = NULL;
	size_t n = 0;

	for (size_t round = 0; round < 20; round++) {
		for (size_t i = 0; i < 17; i++) {
			a = xgrow(a, n, sizeof(*a));
			a[n++] = xstrdup("x");
		}
		for (size_t i = 0; i < 16 - round % 3; i++)
			free(a[--n]);
	}
	while (n)
		free(a[--n]);
	a = xgrow(a, 0, sizeof(*a));
	a[3] = NULL;
	free(a);
}

TEST(test_strings)
{
	char *s = xasprintf("%d-%s", 7, "x");

	assert_string_equal(s, "7-x");
	free(s);
	assert_null(xstrdup(NULL));
	s = xstrndup("abcdef", 3);
	assert_string_equal(s, "abc");
	mem_wipe_free(s);
	mem_wipe_free(NULL);
	mem_wipe(NULL, 5);
}

TEST(test_wipe)
{
	char secret[8] = "geheim";

	mem_wipe(secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		assert_int_equal(secret[i], 0);
}

TEST(test_err)
{
	struct err e;
	char *big = xcalloc(1, 5000);

	assert_false(err_set(&e, "file %s: missing", "a"));
	assert_false(err_prefix(&e, "account %d", 3));
	assert_string_equal(e.text, "account 3: file a: missing");
	err_set(&e, "%s again", e.text);
	assert_string_equal(e.text, "account 3: file a: missing again");
	memset(big, 'x', 4999);
	err_set(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_string_equal(e.text + sizeof(e.text) - 4, "...");
	assert_false(err_set(NULL, "nobody listens"));
	assert_false(err_prefix(NULL, "nobody listens"));
	free(big);
}

/* Runs fn with its standard error in text; returns its exit code. */
static int capture(void (*fn)(void), char *text, size_t room)
{
	int p[2], status;
	pid_t pid;
	ssize_t n;

	assert_int_equal(pipe(p), 0);
	pid = fork();
	if (!pid) {
		dup2(p[1], STDERR_FILENO);
		fn();
		_exit(0);
	}
	close(p[1]);
	for (size_t len = 0; (n = read(p[0], text + len, room - 1 - len)) > 0;)
		text[len += (size_t)n] = '\0';
	close(p[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void log_things(void)
{
	log_open("prog", LOG_WARN);
	log_info("not seen");
	log_warn("evil \x1b[2J text\nprog: forged");
	log_error("plain");
}

TEST(test_log)
{
	char text[512] = "";

	assert_int_equal(capture(log_things, text, sizeof(text)), 0);
	assert_string_equal(text, "prog: warning: evil ?[2J text?prog: forged\nprog: error: plain\n");
}

static void ask_too_much(void)
{
	xcalloc(SIZE_MAX / 8, 16);
}

static void grow_too_much(void)
{
	free(xgrow(NULL, (size_t)1 << 62, 64));
}

static void die(void)
{
	log_open("prog", LOG_ERROR);
	log_fatal(70, "broken %d", 1);
}

TEST(test_ends_without_memory)
{
	char text[512] = "";

	assert_int_equal(capture(grow_too_much, text, sizeof(text)), 70);
	assert_string_equal(text, "dnsproof: out of memory\n");
#ifndef SANITIZED
	text[0] = '\0';
	assert_int_equal(capture(ask_too_much, text, sizeof(text)), 70);
	assert_string_equal(text, "dnsproof: out of memory\n");
#else
	(void)ask_too_much;
#endif
	text[0] = '\0';
	assert_int_equal(capture(die, text, sizeof(text)), 70);
	assert_string_equal(text, "prog: error: broken 1\n");
}

int main(void)
{
	return unit_run(NULL, NULL);
}
