#include "config.h"

#include "scope.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/log.h"
#include "common/mem.h"

#define PLACES (((uint64_t)1 << 62) - 1) /* a collision only makes two scopes share a lock */
#define TRIES  10

void scopes_begin(struct scopes *s, int fd, const char *folder)
{
	*s = (struct scopes){.fd = fd, .folder = xstrdup(folder)};
	if (fd >= 0)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void tell_once(struct scopes *s, const char *what)
{
	if (!s->told)
		log_warn("%s: %s; writing without a lock, so that another dnsproof process may write the "
		         "same records at the same time",
		         what, strerror(errno));
	s->told = true;
}

static bool byte_take(struct scopes *s, uint64_t at)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)at, .l_len = 1};

	if (fcntl(s->fd, F_SETLK, &lock) == 0)
		return true;
	if (errno == EACCES || errno == EAGAIN)
		return false;
	tell_once(s, "write.lock");
	return true;
}

/* Its holder removes the file before it lets go: the one that was opened may be nobody's any more. */
static bool is_current(int fd, const char *path)
{
	struct stat opened, there;

	return !fstat(fd, &opened) && !stat(path, &there) && opened.st_ino == there.st_ino &&
	       opened.st_dev == there.st_dev;
}

/* Not close-on-exec: a program that outlives a killed host still writes. -2 = another has it, -1 = errno. */
static int file_take(const char *path)
{
	for (int i = 0; i < TRIES; i++) {
		int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600), trouble;

		if (fd < 0)
			return -1;
		trouble = flock(fd, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
		if (!trouble && is_current(fd, path))
			return fd;
		close(fd);
		errno = trouble;
		if (trouble)
			return trouble == EWOULDBLOCK ? -2 : -1;
	}
	return -2;
}

static bool is_held(const struct scopes *s, uint64_t at)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->held[i].at == at)
			return true;
	return false;
}

bool scopes_take(struct scopes *s, const char *text)
{
	uint64_t at = fnv64(text) & PLACES;
	char *path;
	int fd = -1;

	if (s->fd < 0 || is_held(s, at))
		return true;
	if (!byte_take(s, at))
		return false;
	path = s->folder ? xasprintf("%s/%016llx", s->folder, (unsigned long long)at) : NULL;
	if (path && (fd = file_take(path)) == -1)
		tell_once(s, path);
	s->held = xgrow(s->held, s->n, sizeof(*s->held));
	s->held[s->n++] = (struct scope){at, path, fd};
	return fd != -2;
}

static void file_drop(struct scope *h)
{
	if (h->fd >= 0) {
		unlink(h->path);
		flock(h->fd, LOCK_UN); /* for those too who inherited it and stay */
		close(h->fd);
	}
	free(h->path);
}

void scopes_drop(struct scopes *s)
{
	struct flock none = {.l_type = F_UNLCK, .l_whence = SEEK_SET}; /* of length 0: the whole file */

	for (size_t i = 0; i < s->n; i++)
		file_drop(&s->held[i]);
	if (s->n)
		fcntl(s->fd, F_SETLK, &none);
	s->n = 0;
}

void scopes_end(struct scopes *s)
{
	scopes_drop(s);
	free(s->held);
	free(s->folder);
	*s = (struct scopes){.fd = -1};
}
