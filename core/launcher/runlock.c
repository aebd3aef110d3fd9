#include "config.h"

#include "launcher/runlock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/when.h"

static char *run_name(void)
{
	unsigned char random[2] = {0};
	char when[WHEN_ROOM];
	if (getentropy(random, sizeof random) < 0)
		random[0] = (unsigned char)clock();
	return xasprintf("%s-%ld-%02x%02x", when_compact(time(NULL), when), (long)getpid(), random[0],
	                 random[1]);
}

/* The file gets its name when it is locked, so that no run ever sees a living one unlocked. */
bool runlock_take(struct runlock *r, const char *state, struct err *e)
{
	r->run = run_name();
	r->path = xasprintf("%s/runs/%s.lock", state, r->run);
	char *early = xasprintf("%s/runs/.%s", state, r->run);
	r->fd = open(early, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok = r->fd >= 0 && flock(r->fd, LOCK_EX | LOCK_NB) == 0 && rename(early, r->path) == 0;
	if (!ok) {
		err_set(e, "cannot make the run's lock file %s: %s", r->path, strerror(errno));
		unlink(early);
	}
	free(early);
	return ok;
}

static void remove_if_dead(const char *path)
{
	int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		unlink(path);
	close(fd);
}

static void remove_dead(const char *state)
{
	char *folder = xasprintf("%s/runs", state);
	DIR *d = opendir(folder);
	struct dirent *entry;
	while (d && (entry = readdir(d))) {
		if (entry->d_name[0] == '.' || !str_ends(entry->d_name, ".lock"))
			continue;
		char *path = xasprintf("%s/%s", folder, entry->d_name);
		remove_if_dead(path);
		free(path);
	}
	if (d)
		closedir(d);
	free(folder);
}

void runlock_drop(struct runlock *r, const char *state, bool clean)
{
	if (r->fd >= 0)
		close(r->fd);
	if (clean)
		remove_dead(state);
	free(r->run);
	free(r->path);
	memset(r, 0, sizeof *r);
	r->fd = -1;
}
