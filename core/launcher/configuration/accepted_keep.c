#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/io.h"
#include "common/mem.h"
#include "common/str.h"
#include "launcher/configuration/accepted_index.h"
#include "launcher/jsonfile.h"

static bool file_equal(const struct accepted_file *x, const struct accepted_file *y)
{
	return strcmp(x->path, y->path) == 0 && x->kind == y->kind && x->digest == y->digest &&
	       x->absent == y->absent && x->stamped == y->stamped &&
	       (!x->stamped || file_stamp_equal(&x->stamp, &y->stamp));
}

static bool holds_the_same(const struct accepted *a)
{
	bool same = a->same_version && a->old.n == a->now.n;
	for (size_t i = 0; same && i < a->now.n; i++)
		same = file_equal(&a->now.at[i], &a->old.at[i]);
	return same;
}

/* The lock, and that nobody has written the index since it was read. */
static bool is_ours(struct accepted *a)
{
	if (a->lock >= 0)
		return true;
	struct accepted other = {.folder = a->folder, .path = a->path, .lock = -1};
	if ((mkdir(a->folder, 0700) < 0 && errno != EEXIST) || !accepted_lock(a))
		return false;
	accepted_index_read(&other);
	bool same = other.last == a->last;
	other.folder = other.path = NULL;
	accepted_close(&other);
	return same;
}

static bool copy_write(const char *path, const struct buf *text)
{
	unlink(path);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = fd >= 0 && (!text->len || io_write(fd, text->data, text->len)) && fsync(fd) == 0;
	if (fd >= 0)
		ok = close(fd) == 0 && ok;
	return ok;
}

static bool copies_write(struct accepted *a, struct accepted_files *files, struct err *e)
{
	bool ok = true;
	for (size_t i = 0; ok && i < files->n; i++) {
		struct accepted_file *f = &files->at[i];
		if (f->copy || !f->digest)
			continue;
		f->copy = xasprintf("%lld-%zu", (long long)a->last, i);
		char *path = xasprintf("%s/%s", a->folder, f->copy);
		ok = copy_write(path, &f->text) || err_set(e, "cannot write %s: %s", path, strerror(errno));
		free(path);
	}
	return ok && (jsonfile_sync(a->folder) || err_set(e, "%s: %s", a->folder, strerror(errno)));
}

static bool is_named(const struct accepted_files *files, const char *name)
{
	for (size_t i = 0; i < files->n; i++)
		if (files->at[i].copy && strcmp(files->at[i].copy, name) == 0)
			return true;
	return false;
}

static void drop_others(const struct accepted *a, const struct accepted_files *files)
{
	struct dirent *entry;
	DIR *d = opendir(a->folder);
	while (d && (entry = readdir(d)))
		if (*entry->d_name >= '0' && *entry->d_name <= '9' && !is_named(files, entry->d_name))
			unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
}

static bool write_all(struct accepted *a, struct accepted_files *files, struct err *e)
{
	a->last++;
	bool ok = copies_write(a, files, e) && accepted_index_write(a, files, e);
	if (ok)
		drop_others(a, files);
	return ok;
}

static bool is_another(const struct accepted *a)
{
	struct accepted before = {.path = a->path, .old = a->old};
	char *old = accepted_digest(&before), *now = accepted_digest(a);
	bool another = strcmp(old, now) != 0;
	free(old);
	free(now);
	return another;
}

bool accepted_keep(struct accepted *a, struct err *e)
{
	if (a->only || !a->now.n || holds_the_same(a))
		return true;
	if (!is_ours(a))
		return true; /* another run writes, and the next one finds what has changed */
	if (is_another(a))
		a->since = a->began / 1000000000;
	return write_all(a, &a->now, e);
}

bool accepted_replace(struct accepted *a, const char *path, const struct buf *text, struct err *e)
{
	struct accepted_file *f = accepted_find(&a->old, path);
	if (!f || !is_ours(a))
		return err_set(e, "%s cannot be written now; another run works on it", a->folder);
	free(f->copy);
	f->copy = NULL;
	f->stamped = false;
	f->digest = accepted_digest_of(text->data, text->len);
	if (text->len)
		buf_add(&f->text, text->data, text->len);
	a->since = a->began / 1000000000;
	return write_all(a, &a->old, e);
}
