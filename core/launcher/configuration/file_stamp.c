#include "config.h"

#include "launcher/configuration/file_stamp.h"

#include <time.h>

#define SECOND ((int64_t)1000000000)
#define RACY   (2 * SECOND)

static int64_t in_ns(const struct timespec *t)
{
	return (int64_t)t->tv_sec * SECOND + t->tv_nsec;
}

struct file_stamp file_stamp_of(const struct stat *st)
{
	return (struct file_stamp){(int64_t)st->st_size, in_ns(&st->st_mtim), in_ns(&st->st_ctim),
	                           (uint64_t)st->st_ino};
}

bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
	return a->size == b->size && a->modified == b->modified && a->changed == b->changed &&
	       a->inode == b->inode;
}

bool file_stamp_is_racy(const struct file_stamp *s, int64_t now)
{
	return s->modified > now - RACY || s->changed > now - RACY;
}

json_t *file_stamp_json(const struct file_stamp *s)
{
	return json_pack("{s:I, s:I, s:I, s:I}", "size", (json_int_t)s->size, "modified_ns",
	                 (json_int_t)s->modified, "changed_ns", (json_int_t)s->changed, "inode",
	                 (json_int_t)s->inode);
}

bool file_stamp_take(struct file_stamp *s, const json_t *json)
{
	json_int_t size, modified, changed, inode;
	if (!json || json_unpack((json_t *)json, "{s:I, s:I, s:I, s:I}", "size", &size, "modified_ns",
	                         &modified, "changed_ns", &changed, "inode", &inode) != 0)
		return false;
	*s = (struct file_stamp){size, modified, changed, (uint64_t)inode};
	return true;
}

int64_t file_stamp_now(void)
{
	struct timespec t = {0};
	clock_gettime(CLOCK_REALTIME, &t);
	return in_ns(&t);
}
