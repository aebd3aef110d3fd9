#include "config.h"

#include "launcher/configuration/accepted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/fnv.h"
#include "common/io.h"
#include "common/mem.h"
#include "launcher/configuration/accepted_index.h"

#define LOCK_MS   5000
#define COPY_MOST ((size_t)256 * 1024 * 1024)

bool accepted_lock(struct accepted *a)
{
	char *path = xasprintf("%s/lock", a->folder);
	a->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	free(path);
	if (a->lock >= 0 && !io_lock(a->lock, LOCK_MS)) {
		close(a->lock);
		a->lock = -1;
	}
	return a->lock >= 0;
}

static void begin(struct accepted *a, const char *state, const char *path)
{
	*a = (struct accepted){.folder = xasprintf("%s/accepted", state),
	                       .path = xstrdup(path),
	                       .began = file_stamp_now(),
	                       .lock = -1};
}

void accepted_open(struct accepted *a, const char *state, const char *path)
{
	begin(a, state, path);
	char *lock = xasprintf("%s/lock", a->folder);
	if (access(lock, F_OK) ==
	    0) /* else nothing was ever written there, and nothing is by who only looks */
		accepted_lock(a);
	free(lock);
	accepted_index_read(a);
}

static void file_free(struct accepted_file *f)
{
	free(f->path);
	free(f->copy);
	buf_free(&f->text);
}

static void files_free(struct accepted_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		file_free(&f->at[i]);
	free(f->at);
	*f = (struct accepted_files){0};
}

void accepted_close(struct accepted *a)
{
	files_free(&a->old);
	files_free(&a->now);
	if (a->folder && a->lock >= 0)
		close(a->lock);
	free(a->folder);
	free(a->path);
	*a = (struct accepted){.lock = -1};
}

struct accepted_file *accepted_find(const struct accepted_files *f, const char *path)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->at[i].path, path) == 0)
			return &f->at[i];
	return NULL;
}

bool accepted_copy(const struct accepted *a, const struct accepted_file *f, struct buf *text, struct err *e)
{
	if (!f->copy)
		return err_set(e, "there is no accepted copy of it");
	char *path = xasprintf("%s/%s", a->folder, f->copy);
	buf_init(text, COPY_MOST);
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool ok = fd >= 0 && io_read(fd, text);
	if (!ok)
		err_set(e, "the accepted copy %s cannot be read: %s", path, strerror(errno));
	else if (!(ok = accepted_digest_of(text->data, text->len) == f->digest))
		err_set(e, "the accepted copy %s is damaged", path);
	if (fd >= 0)
		close(fd);
	free(path);
	return ok;
}

void accepted_see(struct accepted *a, enum accepted_kind kind, const char *path, const struct stat *st)
{
	struct accepted_file *f = accepted_find(&a->now, path);
	if (a->only || f)
		return;
	f = accepted_add(&a->now, kind, path);
	f->absent = !st;
	if (st)
		f->stamp = file_stamp_of(st);
	f->stamped = !st || !file_stamp_is_racy(&f->stamp, a->began);
}

static void take_old(struct accepted_file *f, const struct accepted_file *old)
{
	free(f->copy);
	f->copy = xstrdup(old->copy);
	f->digest = old->digest;
}

void accepted_text(struct accepted *a, const char *path, const char *text, size_t n)
{
	struct accepted_file *f = accepted_find(&a->now, path), *old = accepted_find(&a->old, path);
	uint64_t digest = accepted_digest_of(text, n);
	if (!f || f->digest)
		return;
	if (old && old->copy && old->digest == digest) {
		take_old(f, old);
		return;
	}
	f->digest = digest;
	if (n)
		buf_add(&f->text, text, n);
}

void accepted_stay(struct accepted *a, const char *path)
{
	struct accepted_file *f = accepted_find(&a->now, path), *old = accepted_find(&a->old, path);
	if (f && !f->digest && old && old->copy)
		take_old(f, old);
	if (f)
		f->stamped = false;
}

void accepted_distrust(struct accepted *a, const char *path)
{
	struct accepted_file *f = accepted_find(&a->now, path);
	if (f)
		f->stamped = false;
}

uint64_t accepted_digest_of(const char *text, size_t n)
{
	uint64_t h = FNV_START;
	for (size_t i = 0; i < n; i++)
		h = fnv_octet(h, (unsigned char)text[i]);
	return h ? h : 1;
}

char *accepted_digest(const struct accepted *a)
{
	const struct accepted_files *f = a->now.n ? &a->now : &a->old;
	uint64_t h = fnv_text(fnv_text(FNV_START, PACKAGE_VERSION), a->path);
	for (size_t i = 0; i < f->n; i++) {
		h = fnv_text(h, f->at[i].path);
		for (int k = 0; k < 8; k++)
			h = fnv_octet(h, (unsigned char)(f->at[i].digest >> 8 * k));
	}
	return xasprintf("%016llx", (unsigned long long)h);
}

static bool is_as_it_was(const struct accepted_file *f)
{
	struct stat st;
	bool there = (f->kind == ACCEPTED_TEXT ? lstat(f->path, &st) : stat(f->path, &st)) == 0;
	if (!f->stamped || (!there && errno != ENOENT))
		return false;
	if (!there || f->absent)
		return there == !f->absent;
	const struct file_stamp now = file_stamp_of(&st);
	return file_stamp_equal(&now, &f->stamp);
}

char *configuration_unchanged(const char *state, const char *path)
{
	struct accepted a;
	begin(&a, state, path);
	accepted_index_read(&a);
	bool same = a.old.n && a.same_version;
	for (size_t i = 0; same && i < a.old.n; i++)
		same = is_as_it_was(&a.old.at[i]);
	char *digest = same ? accepted_digest(&a) : NULL;
	accepted_close(&a);
	return digest;
}
