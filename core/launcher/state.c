#include "config.h"

#include "launcher/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "common/str.h"
#include "launcher/user.h"

#define TEST_SIZE (64 * 1024)

static const struct {
	const char *name;
	mode_t mode;
} subfolders[] = {
    {"certs", 0711}, {"keys", 0700},  {"dns", 0700},         {"ca", 0700},       {"issued", 0700},
    {"runs", 0700},  {"locks", 0700}, {"revocations", 0700}, {"accepted", 0700},
};

static char *absolute(const char *path, struct err *e)
{
	char here[PATH_MAX];
	if (*path == '/')
		return xstrdup(path);
	if (*path && getcwd(here, sizeof here))
		return xasprintf("%s/%s", here, path);
	err_set(e, "state folder '%s': %s; type --state /PATH", path, *path ? strerror(errno) : "no path");
	return NULL;
}

static char *trimmed(char *path)
{
	size_t n = path ? strlen(path) : 0;
	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	return path;
}

char *state_path(const char *given, struct err *e)
{
	if (given)
		return trimmed(absolute(given, e));
	if (geteuid() == 0)
		return xstrdup(LOCALSTATEDIR "/lib/dnsproof");
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	if (xdg && *xdg == '/')
		return xasprintf("%s/dnsproof", xdg);
	if (home && *home == '/')
		return xasprintf("%s/.local/state/dnsproof", home);
	err_set(e, "no state folder: HOME is not set; type --state /PATH");
	return NULL;
}

/* The exit code that fits an errno: what a person must mend first is 2, a full disk is 1. */
static enum exit_code trouble_at(const char *path, int trouble, struct err *e)
{
	if (trouble == ENOSPC || trouble == EDQUOT || trouble == EFBIG || trouble == EIO) {
		err_set(e,
		        "state folder %s cannot be written: %s; make room there (df '%s'), then "
		        "run this again",
		        path, strerror(trouble), path);
		return EXIT_FAILED;
	}
	err_set(e,
	        "state folder %s cannot be used: %s; run dnsproof as the user who owns it, or "
	        "name another folder with --state DIR",
	        path, strerror(trouble));
	return EXIT_USAGE;
}

static bool make_folder(const char *path, mode_t mode, bool *made)
{
	*made = mkdir(path, mode) == 0;
	if (*made)
		return chmod(path, mode) == 0;
	return errno == EEXIST;
}

static bool make_parents(const char *path)
{
	char *part = xstrdup(path);
	bool ok = true, made;
	for (char *at = part + 1; ok && (at = strchr(at, '/')); at++) {
		*at = '\0';
		ok = make_folder(part, 0755, &made) || access(part, X_OK) == 0;
		*at = '/';
	}
	free(part);
	return ok;
}

/* A new folder is there after a power cut only when its parent is written. False with errno. */
static bool sync_parent(const char *path)
{
	char *parent = xstrdup(path), *slash = strrchr(parent, '/');
	slash[slash == parent] = '\0';
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	int trouble = errno;
	if (fd >= 0)
		close(fd);
	free(parent);
	errno = trouble;
	return ok;
}

static bool make_all(const char *path)
{
	bool made;
	if (!make_parents(path) || !make_folder(path, 0711, &made))
		return false;
	if (made && !sync_parent(path))
		return false;
	for (size_t i = 0; i < sizeof subfolders / sizeof subfolders[0]; i++) {
		char *sub = xasprintf("%s/%s", path, subfolders[i].name);
		bool ok = make_folder(sub, subfolders[i].mode, &made);
		ok = ok && (!made || sync_parent(sub));
		int trouble = errno;
		free(sub);
		errno = trouble;
		if (!ok)
			return false;
	}
	return true;
}

static bool belongs_to_other(const char *path, uid_t uid, struct err *e)
{
	char *owner = user_name(uid), *user = user_name(geteuid());
	err_set(
	    e,
	    "state folder %s belongs to user %s, neither to root nor to %s; run dnsproof as that user, or "
	    "name another folder with --state DIR",
	    path, owner, user);
	free(owner);
	free(user);
	return false;
}

static bool is_ours(const char *name)
{
	for (size_t i = 0; i < sizeof subfolders / sizeof subfolders[0]; i++)
		if (strcmp(name, subfolders[i].name) == 0)
			return true;
	return !strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, "lost+found") ||
	       str_starts(name, ".write-test.");
}

/* A home folder given by mistake would be filled, and made readable (mode 0711) for others. A run that was
 * killed while it made the folder leaves some of ours. */
static bool is_state_or_empty(const char *path, struct err *e)
{
	struct dirent *entry;
	bool known = false, strange = false;
	DIR *d = opendir(path);
	while (d && (entry = readdir(d))) {
		const char *name = entry->d_name;
		known = known || !strcmp(name, "state.db") || !strcmp(name, "issued");
		strange = strange || !is_ours(name);
	}
	if (d)
		closedir(d);
	return known || !strange ||
	       err_set(e,
	               "state folder %s holds other files; name a folder of its own, such as --state "
	               "%s/dnsproof",
	               path, path);
}

static bool owner_is_fine(const char *path, struct err *e)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return true;
	if (!S_ISDIR(st.st_mode))
		return err_set(e, "state folder %s is not a folder; name another with --state DIR", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return belongs_to_other(path, st.st_uid, e);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e,
		               "state folder %s can be written by others (mode %04o); type: "
		               "chmod go-w '%s'",
		               path, (unsigned)st.st_mode & 07777, path);
	return is_state_or_empty(path, e);
}

bool state_check(const char *path, struct err *e)
{
	return owner_is_fine(path, e);
}

static bool write_test(const char *path)
{
	static const char zeros[TEST_SIZE];
	char *name = xasprintf("%s/.write-test.%ld", path, (long)getpid());
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0;
	if (ok) {
		ok = io_write(fd, zeros, sizeof zeros) && fsync(fd) == 0;
		int trouble = errno;
		close(fd);
		unlink(name);
		errno = trouble;
	}
	free(name);
	return ok;
}

enum exit_code state_open(const char *path, bool make, struct err *e)
{
	if (!make && access(path, F_OK) < 0 && errno == ENOENT) {
		err_set(e,
		        "there is no state folder %s: nothing was issued there; name the right "
		        "one with --state DIR",
		        path);
		return EXIT_USAGE;
	}
	if (!owner_is_fine(path, e))
		return EXIT_USAGE;
	mode_t mask = umask(022);
	bool ok = make_all(path);
	int trouble = errno;
	umask(mask);
	if (!ok)
		return trouble_at(path, trouble, e);
	if (!write_test(path))
		return trouble_at(path, errno, e);
	return EXIT_DONE;
}
