#include "config.h"

#include "common/trusted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"

#ifdef O_PATH
#define FOLDER_FLAGS (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#else
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#endif
#define FILE_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static bool owner_is_trusted(const struct stat *st, uid_t root_owner)
{
	return st->st_uid == 0 || st->st_uid == geteuid() || st->st_uid == root_owner;
}

/* A group is nobody else when it is root's or the private group of the file's owner. */
static bool others_can_write(const struct stat *st)
{
	if (st->st_mode & S_IWOTH)
		return true;
	if (!(st->st_mode & S_IWGRP) || st->st_gid == 0)
		return false;
	return st->st_gid != getegid() || (uid_t)st->st_gid != st->st_uid;
}

static bool judge(const struct stat *st, uid_t root_owner, const char *path, struct err *e)
{
	bool sticky_folder = S_ISDIR(st->st_mode) && (st->st_mode & S_ISVTX);

	if (!owner_is_trusted(st, root_owner))
		return err_set(e, "%s: belongs to user %ld, must belong to root or to user %ld", path,
		               (long)st->st_uid, (long)geteuid());
	if (others_can_write(st) && !sticky_folder)
		return err_set(e, "%s: can be written by others; chmod go-w '%s'", path, path);
	return true;
}

/* Takes one step down from *fd to the part of `path` that ends before `end`; replaces *fd. */
static bool step(int *fd, const char *path, const char *part, const char *end, uid_t root_owner,
                 struct err *e)
{
	char *shown = xstrndup(path, (size_t)(end - path));
	char *name = xstrndup(part, (size_t)(end - part));
	int next = openat(*fd, name, *end ? FOLDER_FLAGS : FILE_FLAGS);
	bool ok = false;
	struct stat st;

	close(*fd);
	*fd = next;
	if (next < 0 || fstat(next, &st) != 0)
		err_set(e, "%s: %s", shown, strerror(errno));
	else if (!*end && !S_ISREG(st.st_mode))
		err_set(e, "%s: not a regular file", shown);
	else
		ok = judge(&st, root_owner, shown, e);
	free(name);
	free(shown);
	return ok;
}

static int walk(const char *path, struct err *e)
{
	int fd = open("/", FOLDER_FLAGS);
	struct stat root;

	if (fd < 0 || fstat(fd, &root) != 0) {
		err_set(e, "/: %s", strerror(errno));
		goto fail;
	}
	if (!judge(&root, root.st_uid, "/", e))
		goto fail;
	for (const char *part = path + 1; *part;) {
		const char *end = part + strcspn(part, "/");

		if (!step(&fd, path, part, end, root.st_uid, e))
			goto fail;
		part = *end ? end + 1 : end;
	}
	return fd;
fail:
	if (fd >= 0)
		close(fd);
	return -1;
}

int trusted_open(const char *path, struct err *e)
{
	char *real = realpath(path, NULL);
	int fd = -1;

	if (!real) {
		err_set(e, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (!strcmp(real, "/"))
		err_set(e, "%s: not a regular file", path);
	else
		fd = walk(real, e);
	free(real);
	return fd;
}

bool trusted_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= TRUSTED_NAME_MOST && name[0] != '-' && strspn(name, TRUSTED_NAME_SET) == n;
}
