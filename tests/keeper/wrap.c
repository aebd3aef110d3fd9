#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
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

WRAP(int, mkdirat, (int at, const char *path, mode_t mode), (at, path, mode))
WRAP(int, fchmod, (int fd, mode_t mode), (fd, mode))
WRAP(int, fsync, (int fd), (fd))
WRAP(int, flock, (int fd, int how), (fd, how))
WRAP(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
WRAP(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
     (a, from, b, to, flags))
WRAP(int, symlinkat, (const char *target, int at, const char *path), (target, at, path))
WRAP(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
WRAP(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))

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
