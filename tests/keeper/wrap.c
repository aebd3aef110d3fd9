#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "wrap.h"

static int chosen, counted, chosen_error;

void wrap_on(int at, int error)
{
	chosen = at;
	chosen_error = error;
	counted = 0;
}

int wrap_off(bool *hit)
{
	*hit = chosen > 0 && counted >= chosen;
	chosen = 0;
	return counted;
}

static bool fails(void)
{
	if (chosen == 0 || ++counted != chosen)
		return false;
	if (chosen_error == 0)
		_exit(99);
	errno = chosen_error;
	return true;
}

#define WRAP(type, name, parameters, arguments)                                                              \
	type __real_##name parameters;                                                                       \
	type __wrap_##name parameters;                                                                       \
	type __wrap_##name parameters                                                                        \
	{                                                                                                    \
		return fails() ? -1 : __real_##name arguments;                                               \
	}

struct wrap_calls wrap_calls;
static int spoiled;

void wrap_spoil(int at)
{
	spoiled = at;
}

int __real_mkdirat(int at, const char *path, mode_t mode);
int __wrap_mkdirat(int at, const char *path, mode_t mode);
int __wrap_mkdirat(int at, const char *path, mode_t mode)
{
	wrap_calls.mkdirs++;
	return fails() ? -1 : __real_mkdirat(at, path, mode);
}

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
	wrap_calls.fsyncs++;
	return fails() ? -1 : __real_fsync(fd);
}

ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
	char *other;
	ssize_t done;

	if (fails())
		return -1;
	if (!n || !spoiled || --spoiled)
		return __real_write(fd, bytes, n);
	other = malloc(n);
	memcpy(other, bytes, n);
	other[n - 1] ^= 1;
	done = __real_write(fd, other, n);
	free(other);
	return done;
}

WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, flock, (int fd, int how), (fd, how))
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
WRAP(int, symlinkat, (const char *target, int at, const char *path), (target, at, path))
WRAP(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))

int __real_openat(int at, const char *path, int flags, ...);
int __wrap_openat(int at, const char *path, int flags, ...);

int __wrap_openat(int at, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return fails() ? -1 : __real_openat(at, path, flags, mode);
}
