#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "keeper/folder.h"

bool folder_plain(const char *text, size_t most)
{
	size_t n = strlen(text);

	return n > 0 && n <= most && text[0] != '.' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n;
}

bool folder_error(const struct folder *f, const char *name, struct err *e)
{
	const char *words = strerror(errno);

	if (!name)
		return err_set(e, "%s: %s", f->path, words);
	return err_set(e, "%s/%s: %s", f->path, name, words);
}

/* errno says why it failed. */
static bool try_open(struct folder *f, const struct folder *at, const char *name)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (at ? O_NOFOLLOW : 0);

	f->path = NULL;
	f->fd = openat(at ? at->fd : AT_FDCWD, name, flags);
	if (f->fd < 0)
		return false;
	f->path = at ? xasprintf("%s/%s", at->path, name) : xstrdup(name);
	return true;
}

static bool open_error(const struct folder *at, const char *name, struct err *e)
{
	if (at && (errno == ENOTDIR || errno == ELOOP))
		return err_set(e,
		               "%s/%s: is not a folder (a symbolic link is not followed); put the folder "
		               "itself there",
		               at->path, name);
	return at ? folder_error(at, name, e) : err_set(e, "%s: %s", name, strerror(errno));
}

bool folder_open(struct folder *f, const struct folder *at, const char *name, struct err *e)
{
	return try_open(f, at, name) || open_error(at, name, e);
}

/* One that another process has made may not be durable yet, nor ever be if it died: so the first time that this process
 * meets a folder it has its entry written, and then never again. Who removes one and makes it anew does the same. Stages
 * and the like, whose names begin with a dot, are met once. */
static bool entry_sync(const struct folder *f, const struct folder *at, const char *name, bool made,
                       struct err *e)
{
	static json_t *durable; /* paths, as far as they are UTF-8 */

	if (!made && json_object_get(durable, f->path))
		return true;
	if (!folder_sync(at, e))
		return false;
	if (!durable)
		durable = json_object();
	if (name[0] != '.')
		json_object_set_new(durable, f->path, json_true());
	return true;
}

bool folder_make(struct folder *f, const struct folder *at, const char *name, mode_t mode, struct err *e)
{
	bool made = false;

	if (!try_open(f, at, name)) {
		if (errno != ENOENT)
			return open_error(at, name, e);
		made = mkdirat(at->fd, name, mode) == 0;
		if (!made && errno != EEXIST)
			return folder_error(at, name, e);
		if (!folder_open(f, at, name, e))
			return false;
	}
	if (made && fchmod(f->fd, mode) != 0)
		folder_error(f, NULL, e);
	else if (entry_sync(f, at, name, made, e))
		return true;
	folder_close(f);
	return false;
}

void folder_close(struct folder *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	f->fd = -1;
	f->path = NULL;
}

bool folder_lock(const struct folder *f, struct err *e)
{
	while (flock(f->fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return folder_error(f, NULL, e);
	return true;
}

bool folder_sync(const struct folder *f, struct err *e)
{
	return fsync(f->fd) == 0 || folder_error(f, NULL, e);
}

bool folder_has(const struct folder *f, const char *name, struct err *e)
{
	struct stat st;

	e->text[0] = '\0';
	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return true;
	return errno == ENOENT ? false : folder_error(f, name, e);
}

static int rename_new(int at, const char *from, int where, const char *to)
{
#ifdef RENAME_NOREPLACE
	if (renameat2(at, from, where, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
#endif
	return renameat(at, from, where, to);
}

bool folder_move(const struct folder *f, const char *from, const char *to, struct err *e)
{
	return folder_move_to(f, from, f, to, e);
}

bool folder_move_to(const struct folder *f, const char *from, const struct folder *where, const char *to,
                    struct err *e)
{
	return rename_new(f->fd, from, where->fd, to) == 0 || folder_error(where, to, e);
}

bool folder_each(const struct folder *f, void (*fn)(void *arg, const char *name), void *arg, struct err *e)
{
	int fd = openat(f->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct strs names = {0};

	if (!dir) {
		folder_error(f, NULL, e);
		if (fd >= 0)
			close(fd);
		return false;
	}
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			strs_add(&names, entry->d_name);
	closedir(dir);
	for (size_t i = 0; i < names.n; i++)
		fn(arg, names.at[i]);
	strs_free(&names);
	return true;
}

struct removal {
	const struct folder *folder;
	bool deeper; /* folders in it may be removed, too */
	bool ok;
	struct err *e;
};

static bool remove_tree(const struct folder *at, const char *name, bool deeper, struct err *e);

static void remove_entry(void *arg, const char *name)
{
	struct removal *r = arg;

	if (!r->ok || unlinkat(r->folder->fd, name, 0) == 0)
		return;
	if (r->deeper && (errno == EISDIR || errno == EPERM))
		r->ok = remove_tree(r->folder, name, false, r->e);
	else
		r->ok = folder_error(r->folder, name, r->e);
}

static bool remove_tree(const struct folder *at, const char *name, bool deeper, struct err *e)
{
	struct folder f;
	struct removal r = {.folder = &f, .deeper = deeper, .ok = true, .e = e};
	bool listed;

	if (!folder_open(&f, at, name, e))
		return false;
	listed = folder_each(&f, remove_entry, &r, e);
	folder_close(&f);
	if (!listed || !r.ok)
		return false;
	return unlinkat(at->fd, name, AT_REMOVEDIR) == 0 || folder_error(at, name, e);
}

bool folder_remove(const struct folder *f, const char *name, struct err *e)
{
	if (!folder_has(f, name, e))
		return e->text[0] == '\0';
	return remove_tree(f, name, true, e);
}
