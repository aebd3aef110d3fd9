#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/fnv.h"
#include "common/io.h"
#include "common/mem.h"
#include "unit.h"

#define LARGE 300000 /* more than a pipe holds and than one chunk */

static char *large_text(void)
{
	char *text = xcalloc(1, LARGE + 1);

	for (size_t i = 0; i < LARGE; i++)
		text[i] = (char)('a' + i % 26);
	return text;
}

/* A pipe into which a child writes the large text. */
static int large_pipe(pid_t *child)
{
	char *text = large_text();
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	*child = fork();
	if (*child == 0)
		_exit(io_write(ends[1], text, LARGE) ? 0 : 1);
	close(ends[1]);
	free(text);
	return ends[0];
}

static void child_was_well(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST(test_all_is_written_and_read)
{
	char *text = large_text();
	struct buf b;
	pid_t child;
	int fd;

	buf_init(&b, LARGE);
	fd = large_pipe(&child);
	assert_true(io_read(fd, &b));
	assert_int_equal(b.len, LARGE);
	assert_string_equal(b.data, text);
	child_was_well(child);
	close(fd);
	buf_free(&b);

	buf_init(&b, LARGE);
	fd = large_pipe(&child);
	assert_true(io_read_until(fd, &b, clock_ms() + 60000));
	assert_string_equal(b.data, text);
	child_was_well(child);
	close(fd);
	buf_free(&b);
	free(text);
}

TEST(test_cap)
{
	struct buf b;
	int ends[2];

	for (int timed = 0; timed < 2; timed++) {
		buf_init(&b, 10);
		assert_int_equal(pipe(ends), 0);
		assert_true(io_write(ends[1], "12345678901", 11));
		close(ends[1]);
		errno = 0;
		assert_false(timed ? io_read_until(ends[0], &b, clock_ms() + 60000) : io_read(ends[0], &b));
		assert_int_equal(errno, EFBIG);
		close(ends[0]);
		buf_free(&b);
	}
}

TEST(test_errors_keep_errno)
{
	struct buf b;

	buf_init(&b, 10);
	assert_false(io_read(-1, &b));
	assert_int_equal(errno, EBADF);
	assert_false(io_write(-1, "x", 1));
	assert_int_equal(errno, EBADF);
	assert_true(io_write(-1, "", 0));
	buf_free(&b);
}

TEST(test_deadline)
{
	struct buf b;
	int ends[2];

	buf_init(&b, 10);
	assert_int_equal(pipe(ends), 0);
	assert_true(io_write(ends[1], "ab", 2));
	assert_false(io_read_until(ends[0], &b, clock_ms() + 1));
	assert_int_equal(errno, ETIMEDOUT);
	close(ends[0]);
	close(ends[1]);
	buf_free(&b);
}

/* Numbers above 1,024 are closed, too; those below the first are kept. */
TEST(test_close_from)
{
	int status, high;
	pid_t child = fork();

	if (child == 0) {
		high = fcntl(2, F_DUPFD, 1500);
		io_close_from(3);
		_exit(fcntl(2, F_GETFD) < 0                    ? 1
		      : high >= 0 && fcntl(high, F_GETFD) >= 0 ? 2
		      : fcntl(3, F_GETFD) >= 0                 ? 3
		                                               : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 0);
}

TEST(test_fnv)
{
	assert_true(fnv64("") == FNV_START);
	assert_true(fnv64("a") == 0xaf63dc4c8601ec8cu);
	assert_true(fnv64("foobar") == 0x85944171f73967e8u);
}

TEST(test_clock)
{
	uint64_t one = clock_ms(), other = clock_ms();

	assert_true(one > 0 && other >= one);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
