#include "config.h"

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

char *temp_make(void)
{
	char *path = xstrdup("/tmp/keeper-test-XXXXXX");

	if (!mkdtemp(path))
		abort();
	chmod(path, 0755);
	return path;
}

static int drop_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

void temp_drop(char *path)
{
	nftw(path, drop_one, 16, FTW_DEPTH | FTW_PHYS);
	free(path);
}
