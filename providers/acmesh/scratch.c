#define _GNU_SOURCE
#include "scratch.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PREFIX "dnsproof-acmesh."

enum { OLD_S = 3600 };

static const char *above(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && folder[0] == '/' && strlen(folder) < SCRATCH_MOST - 32 ? folder : "/tmp";
}

bool scratch_make(char path[SCRATCH_MOST])
{
	snprintf(path, SCRATCH_MOST, "%s/" PREFIX "XXXXXX", above());
	return mkdtemp(path) != NULL;
}

static int entry_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	remove(path);
	return 0;
}

void scratch_remove(const char *path)
{
	nftw(path, entry_remove, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static bool is_old(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       st.st_mtime + OLD_S < time(NULL);
}

void scratch_sweep(void)
{
	DIR *d = opendir(above());
	struct dirent *e;
	char *path;

	while (d && (e = readdir(d))) {
		if (strncmp(e->d_name, PREFIX, sizeof(PREFIX) - 1) != 0)
			continue;
		if (asprintf(&path, "%s/%s", above(), e->d_name) < 0)
			abort();
		if (is_old(path))
			scratch_remove(path);
		free(path);
	}
	if (d)
		closedir(d);
}
