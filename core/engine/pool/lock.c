#include "config.h"

#include "engine/pool/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/b64.h"
#include "common/fnv.h"
#include "common/log.h"
#include "common/mem.h"

struct pool_lock {
	struct pool_locks *all;
	char *path;
	int fd; /* -1: within this process alone */
	struct pool_lock *next;
};

struct pool_locks {
	char *folder;
	struct pool_lock *held;
};

struct pool_locks *pool_locks_new(const char *state)
{
	struct pool_locks *k = xcalloc(1, sizeof(*k));

	k->folder = xasprintf("%s/locks", state);
	return k;
}

void pool_locks_free(struct pool_locks *k)
{
	if (!k)
		return;
	while (k->held)
		pool_lock_release(k->held);
	free(k->folder);
	free(k);
}

static char *path_of(const struct pool_locks *k, const char *scope)
{
	uint64_t hash = fnv64(scope); /* a collision only makes two scopes share a lock */
	uint8_t bytes[8];
	char *hex, *path;

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(hash >> (56 - 8 * i));
	hex = hex_encode(bytes, sizeof(bytes));
	path = xasprintf("%s/%s", k->folder, hex);
	free(hex);
	return path;
}

static int open_file(const struct pool_locks *k, const char *path)
{
	int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(path, flags, 0600);

	if (fd < 0 && errno == ENOENT && (!mkdir(k->folder, 0700) || errno == EEXIST))
		fd = open(path, flags, 0600);
	return fd;
}

/* The holder removes the file before it lets go, so the one we opened may be nobody's any more. */
static bool is_current(int fd, const char *path)
{
	struct stat ours, there;

	return !fstat(fd, &ours) && !stat(path, &there) && ours.st_ino == there.st_ino &&
	       ours.st_dev == there.st_dev;
}

/* 1 = locked, 0 = another has it, -1 = errno says why not. */
static int lock_file(const struct pool_locks *k, const char *path, int *fd)
{
	for (int tries = 0; tries < 10; tries++) {
		int trouble;

		*fd = open_file(k, path);
		if (*fd < 0)
			return -1;
		if (!flock(*fd, LOCK_EX | LOCK_NB) && is_current(*fd, path))
			return 1;
		trouble = errno;
		close(*fd);
		*fd = -1;
		if (trouble == EWOULDBLOCK)
			return 0;
	}
	return 0;
}

static bool held_here(const struct pool_locks *k, const char *path)
{
	for (const struct pool_lock *p = k->held; p; p = p->next)
		if (!strcmp(p->path, path))
			return true;
	return false;
}

static bool may_go_without(int trouble)
{
	return trouble == ENOSPC || trouble == EDQUOT || trouble == EROFS;
}

enum pool_lock_result pool_lock_try(struct pool_locks *k, const char *scope, struct pool_lock **lock,
                                    struct err *e)
{
	char *path = path_of(k, scope);
	enum pool_lock_result result = POOL_LOCK_TAKEN;
	int fd = -1, got = 1;

	if (held_here(k, path))
		result = POOL_LOCK_OURS;
	else if (!(got = lock_file(k, path, &fd)))
		result = POOL_LOCK_OTHERS;
	else if (got < 0 && !may_go_without(errno))
		result = POOL_LOCK_FAILED;
	if (result == POOL_LOCK_FAILED)
		err_set(e, "lock file %s: %s", path, strerror(errno));
	if (result == POOL_LOCK_TAKEN && got < 0)
		log_warn("lock file %s: %s; writing without it", path, strerror(errno));
	if (result != POOL_LOCK_TAKEN) {
		free(path);
		return result;
	}
	*lock = xcalloc(1, sizeof(**lock));
	**lock = (struct pool_lock){k, path, fd, k->held};
	k->held = *lock;
	return result;
}

void pool_lock_release(struct pool_lock *lock)
{
	struct pool_lock **at;

	if (!lock)
		return;
	for (at = &lock->all->held; *at != lock;)
		at = &(*at)->next;
	*at = lock->next;
	if (lock->fd >= 0) {
		unlink(lock->path);
		close(lock->fd);
	}
	free(lock->path);
	free(lock);
}
