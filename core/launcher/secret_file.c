#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/secret.h"
#include "launcher/secret_kinds.h"
#include "launcher/user.h"

static bool owner_is_fine(const char *path, const struct stat *st, struct err *e)
{
	if (st->st_uid == 0 || st->st_uid == geteuid())
		return true;
	char *owner = user_name(st->st_uid), *user = user_name(geteuid());
	err_set(e, "secret file %s belongs to user %s, neither to root nor to %s; type: chown %lu '%s'", path,
	        owner, user, (unsigned long)geteuid(), path);
	free(owner);
	free(user);
	return false;
}

static bool mode_is_fine(const char *path, const struct stat *st, bool readable, struct err *e)
{
	if (!readable && st->st_mode & S_IROTH)
		return err_set(e,
		               "secret file %s can be read by everyone (mode %04o); type: "
		               "chmod 640 '%s', or add --allow-readable where it is mounted so",
		               path, (unsigned)st->st_mode & 07777, path);
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(e,
		               "secret file %s can be written by others than its owner (mode "
		               "%04o); type: chmod 640 '%s'",
		               path, (unsigned)st->st_mode & 07777, path);
	return true;
}

bool secret_file_is_fine(int fd, const char *path, bool readable, struct err *e)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return err_set(e, "secret file %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(e, "secret file %s is not a regular file; type file:PATH of one", path);
	if (!owner_is_fine(path, &st, e) || !mode_is_fine(path, &st, readable, e))
		return false;
	if (st.st_size == 0)
		return err_set(e, "secret file %s is empty; write the secret into it", path);
	if (st.st_size > SECRET_MOST)
		return err_set(e,
		               "secret file %s has %lld octets, more than %d; is it the right "
		               "file?",
		               path, (long long)st.st_size, SECRET_MOST);
	return true;
}

int secret_file_open(const char *path, bool readable, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == EACCES) {
		char *user = user_name(geteuid());
		err_set(
		    e,
		    "secret file %s is not readable by user %s; check the owner and the modes of the file "
		    "and of its folders",
		    path, user);
		free(user);
	} else if (fd < 0) {
		err_set(e, "secret file %s: %s; check the path after file:", path, strerror(errno));
	}
	if (fd < 0 || secret_file_is_fine(fd, path, readable, e))
		return fd;
	close(fd);
	return -1;
}

bool secret_cred_check(const char *name, struct err *e)
{
	if (*name && *name != '.' && !strchr(name, '/') && strlen(name) < 256)
		return true;
	return err_set(e, "cred:%.80s names no credential; type cred:NAME", name);
}

int secret_cred_open(const char *name, bool readable, struct err *e)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	if (!folder || *folder != '/') {
		err_set(e,
		        "cred:%s needs systemd's credentials, and CREDENTIALS_DIRECTORY is not set; "
		        "start dnsproof from a unit with LoadCredential=%s:/PATH",
		        name, name);
		return -1;
	}
	char *path = xasprintf("%s/%s", folder, name);
	int fd = access(path, F_OK) == 0 ? secret_file_open(path, readable, e) : -1;
	if (fd < 0 && access(path, F_OK) != 0)
		err_set(e, "the unit has no credential %s; add LoadCredential=%s:/PATH to it", name, name);
	free(path);
	return fd;
}
