#define _GNU_SOURCE
#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool others_can_write(const struct stat *st)
{
	if (st->st_mode & S_IWOTH)
		return true;
	if (!(st->st_mode & S_IWGRP) || st->st_gid == 0)
		return false;
	return st->st_gid != getegid() || (uid_t)st->st_gid != st->st_uid;
}

/* The owner of "/" stands for root, which a user namespace may show as somebody else. */
static bool owner_is_trusted(const struct stat *st)
{
	struct stat root;

	return st->st_uid == 0 || st->st_uid == geteuid() ||
	       (stat("/", &root) == 0 && st->st_uid == root.st_uid);
}

static bool part_is_trusted(const char *path, char *why, size_t size)
{
	struct stat st;

	if (stat(path, &st) != 0)
		snprintf(why, size, "%s: %s", path, strerror(errno));
	else if (!owner_is_trusted(&st))
		snprintf(why, size, "%s: must belong to root or to user %ld", path, (long)geteuid());
	else if (others_can_write(&st) && !(S_ISDIR(st.st_mode) && (st.st_mode & S_ISVTX)))
		snprintf(why, size, "%s: can be written by others; chmod go-w '%s'", path, path);
	else
		return true;
	return false;
}

static bool file_is_regular(const char *path, bool executable, char *why, size_t size)
{
	struct stat st;

	if (stat(path, &st) != 0)
		snprintf(why, size, "%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		snprintf(why, size, "%s: not a regular file", path);
	else if (executable && access(path, X_OK) != 0)
		snprintf(why, size, "%s: not executable; chmod u+x '%s'", path, path);
	else
		return true;
	return false;
}

static bool is_trusted(const char *path, bool executable, char *why, size_t size)
{
	char *real = path[0] == '/' ? realpath(path, NULL) : NULL;
	bool ok = false;

	if (!real) {
		snprintf(why, size, "%s: %s", path,
		         path[0] == '/' ? strerror(errno) : "must be an absolute path");
		return false;
	}
	if (!file_is_regular(real, executable, why, size) || !part_is_trusted(real, why, size))
		goto out;
	for (char *slash = strrchr(real, '/'); slash != real; slash = strrchr(real, '/')) {
		*slash = '\0';
		if (!part_is_trusted(real, why, size))
			goto out;
	}
	ok = part_is_trusted("/", why, size);
out:
	free(real);
	return ok;
}

bool program_is_trusted(const char *path, char *why, size_t size)
{
	return is_trusted(path, true, why, size);
}

bool file_is_trusted(const char *path, char *why, size_t size)
{
	return is_trusted(path, false, why, size);
}
