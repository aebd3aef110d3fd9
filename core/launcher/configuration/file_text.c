#include "config.h"

#include "launcher/configuration/file_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "common/trusted.h"
#include "launcher/user.h"

static int open_yaml(const char *path, struct err *e)
{
	size_t n = strlen(path);
	int fd = trusted_open(path, e);
	if (fd < 0 && strncmp(e->text, path, n) == 0 && e->text[n] == ':')
		memmove(e->text, e->text + n + 2, strlen(e->text + n + 2) + 1);
	return fd;
}

static int open_text(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY), trouble = errno;
	if (fd >= 0)
		return fd;
	char *user = user_name(geteuid());
	if (trouble == ELOOP || trouble == EMLINK) /* BSDs */
		err_set(e, "a symbolic link, expected the file itself");
	else if (trouble == EACCES)
		err_set(e, "user %s may not read it, expected a file that dnsproof can read", user);
	else
		err_set(e, "%s, expected a file", strerror(trouble));
	free(user);
	return -1;
}

static bool read_open(int fd, enum accepted_kind kind, struct buf *text, struct stat *st, struct err *e)
{
	if (fstat(fd, st) < 0 || !S_ISREG(st->st_mode))
		return err_set(e, "not a regular file, expected one");
	if (io_read(fd, text))
		return true;
	return err_set(e, "%s",
	               errno != EFBIG          ? strerror(errno)
	               : kind == ACCEPTED_YAML ? "larger than 64 MiB, expected less"
	                                       : "larger than 256 MiB, expected less");
}

static bool read_copy(const struct accepted *a, const char *path, struct buf *text, struct err *e)
{
	const struct accepted_file *f = accepted_find(&a->old, path);
	return f ? accepted_copy(a, f, text, e) : err_set(e, "there is no accepted copy of it");
}

bool file_text_read(struct accepted *a, enum accepted_kind kind, const char *path, struct buf *text,
                    struct err *e)
{
	struct stat st;
	if (a && a->only)
		return read_copy(a, path, text, e);
	int fd = kind == ACCEPTED_YAML ? open_yaml(path, e) : open_text(path, e);
	bool ok = fd >= 0 && read_open(fd, kind, text, &st, e);
	if (a)
		accepted_see(a, kind, path, ok ? &st : NULL);
	if (fd >= 0)
		close(fd);
	return ok;
}
