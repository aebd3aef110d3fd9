#include "config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/str.h"
#include "keeper/generation.h"
#include "keeper/prune.h"
#include "keeper/stage.h"

struct leftovers {
	const struct folder *cert;
	const char *live;
	int64_t now;
	struct strs old;  /* generations but the live one */
	struct strs gone; /* folders to be removed */
};

static bool is_old(const struct leftovers *f, const char *name)
{
	struct stat st;

	return fstatat(f->cert->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (int64_t)st.st_mtime < f->now - PRUNE_STAGE_AGE;
}

static void sort_out(void *arg, const char *name)
{
	struct leftovers *f = arg;

	if (generation_parse(name, NULL) && strcmp(name, f->live) != 0)
		strs_add(&f->old, name);
	else if (str_starts(name, ".gone-") || (str_starts(name, ".new-") && is_old(f, name)))
		strs_add(&f->gone, name);
}

/* A generation loses its name first, so that none of its name is ever half there. */
static bool remove_named(const struct folder *cert, const char *name, struct err *e)
{
	char *gone = xasprintf(".gone-%s", name[0] == '.' ? name + 1 : name);
	bool ok =
	    folder_remove(cert, gone, e) && folder_move(cert, name, gone, e) && folder_remove(cert, gone, e);

	free(gone);
	return ok;
}

static void warn_unless(bool ok, const struct err *e)
{
	if (!ok)
		log_warn("an old generation stays: %s", e->text);
}

void prune(const struct folder *cert, const char *live, int64_t now)
{
	struct leftovers f = {.cert = cert, .live = live, .now = now};
	struct err e;

	warn_unless(folder_each(cert, sort_out, &f, &e), &e);
	strs_sort(&f.old);
	for (size_t i = 0; i + PRUNE_KEEP < f.old.n; i++)
		warn_unless(remove_named(cert, f.old.at[i], &e), &e);
	for (size_t i = 0; i < f.gone.n; i++)
		warn_unless(folder_remove(cert, f.gone.at[i], &e), &e);
	strs_free(&f.old);
	strs_free(&f.gone);
}

bool prune_stage(const struct folder *cert, const char *order, struct err *e)
{
	char *name = stage_name(order);
	bool there = folder_has(cert, name, e);
	bool ok = there ? remove_named(cert, name, e) && folder_sync(cert, e) : !e->text[0];

	free(name);
	return ok;
}
