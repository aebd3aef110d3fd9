#include "config.h"

#include "keeper/tryout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "keeper/file.h"

#define FOLDER    ".gone-tryout" /* prune removes that name, too */
#define FILES     8              /* a generation's six, and two for what stands there meanwhile */
#define FILE_SIZE 16384          /* more than any of them with a usual chain */

static bool live_is_link(const struct folder *cert, struct err *e)
{
	struct stat st;

	if (fstatat(cert->fd, "live", &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT || folder_error(cert, "live", e);
	return S_ISLNK(st.st_mode) ||
	       err_set(e, "%s/live: is not a link; move it away, dnsproof makes a link of that name",
	               cert->path);
}

static bool fill_one(const struct folder *f, const char *name, const void *zeros, struct err *e)
{
	int fd = openat(f->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && io_write(fd, zeros, FILE_SIZE);

	if (!ok)
		folder_error(f, name, e);
	if (fd >= 0 && close(fd) != 0 && ok)
		ok = folder_error(f, name, e);
	return ok;
}

/* Nothing is synced: file systems count the room when it is taken, and none of it is to last. */
static bool fill(const struct folder *cert, struct err *e)
{
	char *zeros = xcalloc(1, FILE_SIZE);
	struct folder f = FOLDER_NONE;
	bool ok = mkdirat(cert->fd, FOLDER, 0700) == 0 || folder_error(cert, FOLDER, e);

	ok = ok && folder_open(&f, cert, FOLDER, e);
	for (int i = 0; ok && i < FILES; i++)
		ok = fill_one(&f, (char[]){(char)('a' + i), '\0'}, zeros, e);
	folder_close(&f);
	free(zeros);
	return ok;
}

bool tryout(const struct folder *cert, struct err *e)
{
	struct err ignored;
	bool ok = live_is_link(cert, e) && folder_remove(cert, FOLDER, e) && fill(cert, e) &&
	          file_link(cert, FOLDER ".link", FOLDER, e) && file_drop(cert, FOLDER ".link", e);

	if (!folder_remove(cert, FOLDER, ok ? e : &ignored))
		ok = false;
	return ok;
}
