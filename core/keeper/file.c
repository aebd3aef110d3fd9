#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "keeper/file.h"

bool file_write(const struct folder *f, const char *name, mode_t mode, const void *bytes, size_t n,
                struct err *e)
{
	int fd = openat(f->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return folder_error(f, name, e);
	ok = (mode == 0600 || fchmod(fd, mode) == 0) && io_write(fd, bytes, n) && fsync(fd) == 0;
	if (!ok)
		folder_error(f, name, e);
	if (close(fd) != 0 && ok)
		ok = folder_error(f, name, e);
	if (!ok)
		unlinkat(f->fd, name, 0);
	return ok;
}

bool file_replace(const struct folder *f, const char *name, mode_t mode, const void *bytes, size_t n,
                  struct err *e)
{
	char *next = xasprintf(".%s.tmp", name);
	bool ok = file_drop(f, next, e) && file_write(f, next, mode, bytes, n, e);

	if (ok && renameat(f->fd, next, f->fd, name) != 0) {
		ok = folder_error(f, name, e);
		unlinkat(f->fd, next, 0);
	}
	free(next);
	return ok;
}

char *file_read(const struct folder *f, const char *name, size_t most, size_t *n, struct err *e)
{
	int fd = openat(f->fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	struct buf b;
	char *text = NULL;

	buf_init(&b, most);
	if (fd < 0 || fstat(fd, &st) != 0) {
		folder_error(f, name, e);
	} else if (!S_ISREG(st.st_mode)) {
		err_set(e, "%s/%s: is not a regular file", f->path, name);
	} else if (!io_read(fd, &b)) {
		folder_error(f, name, e);
	} else {
		*n = b.len;
		text = buf_take(&b);
	}
	buf_wipe(&b);
	if (fd >= 0)
		close(fd);
	return text;
}

bool file_drop(const struct folder *f, const char *name, struct err *e)
{
	return unlinkat(f->fd, name, 0) == 0 || errno == ENOENT || folder_error(f, name, e);
}

bool file_link(const struct folder *f, const char *name, const char *target, struct err *e)
{
	char *next = xasprintf(".%s.tmp", name);
	bool ok = file_drop(f, next, e);

	if (ok && symlinkat(target, f->fd, next) != 0)
		ok = folder_error(f, next, e);
	if (ok && renameat(f->fd, next, f->fd, name) != 0) {
		ok = folder_error(f, name, e);
		unlinkat(f->fd, next, 0);
	}
	free(next);
	return ok;
}

char *file_link_target(const struct folder *f, const char *name, struct err *e)
{
	char text[256];
	ssize_t n = readlinkat(f->fd, name, text, sizeof(text));

	if (n < 0) {
		folder_error(f, name, e);
		return NULL;
	}
	if (n == sizeof(text)) {
		err_set(e, "%s/%s: points too far", f->path, name);
		return NULL;
	}
	return xstrndup(text, (size_t)n);
}
