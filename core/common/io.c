#include "config.h"

#include "common/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/mem.h"

#define CHUNK          16384
#define NUMBERS_ENDING 65536 /* numbers above are not tried one by one */

bool io_write(int fd, const void *bytes, size_t n)
{
	const char *at = bytes;

	while (n > 0) {
		ssize_t written = write(fd, at, n);

		if (written < 0 && errno == EINTR)
			continue;
		if (written == 0)
			errno = ENOSPC;
		if (written <= 0)
			return false;
		at += written;
		n -= (size_t)written;
	}
	return true;
}

static bool add(struct buf *b, const char *chunk, ssize_t n)
{
	if (n < 0)
		return false;
	if (buf_add(b, chunk, (size_t)n))
		return true;
	errno = EFBIG;
	return false;
}

bool io_read(int fd, struct buf *b)
{
	char chunk[CHUNK];
	bool ok = true;
	ssize_t n;

	while (ok && (n = read(fd, chunk, sizeof(chunk))) != 0)
		ok = (n < 0 && errno == EINTR) || add(b, chunk, n);
	mem_wipe(chunk, sizeof(chunk));
	return ok;
}

static int ms_left(uint64_t ends)
{
	uint64_t now = clock_ms();

	if (now >= ends)
		return 0;
	return ends - now > INT_MAX ? INT_MAX : (int)(ends - now);
}

/* -1 with errno when nothing came in time. */
static ssize_t read_in_time(int fd, char *chunk, size_t room, uint64_t ends)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	int ready = poll(&p, 1, ms_left(ends));

	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0 ? read(fd, chunk, room) : -1;
}

bool io_read_until(int fd, struct buf *b, uint64_t ends)
{
	char chunk[CHUNK];
	bool ok = true;
	ssize_t n;

	while (ok && (n = read_in_time(fd, chunk, sizeof(chunk), ends)) != 0)
		ok = (n < 0 && errno == EINTR) || add(b, chunk, n);
	mem_wipe(chunk, sizeof(chunk));
	return ok;
}

void io_close_from(int least)
{
	struct rlimit limit;

#ifdef HAVE_CLOSE_RANGE
	if (close_range((unsigned)least, ~0U, 0) == 0)
		return;
#endif
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > NUMBERS_ENDING)
		limit.rlim_cur = NUMBERS_ENDING;
	for (int fd = least; fd < (int)limit.rlim_cur; fd++)
		close(fd);
}

bool io_lock(int fd, unsigned ms)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	uint64_t ends = clock_ms() + ms;

	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if ((errno != EWOULDBLOCK && errno != EINTR) || clock_ms() > ends)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}
