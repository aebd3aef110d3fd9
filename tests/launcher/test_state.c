/* The state folder: what was made there is on disk, or it is an error. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/state.h"

static bool folders_fail;

/* Stands before the C library's. */
int fsync(int fd)
{
	struct stat st;

	if (folders_fail && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		errno = EIO;
		return -1;
	}
	return 0;
}

static char work[64];

static int open_work(void **state)
{
	snprintf(work, sizeof(work), "/tmp/test_state.XXXXXX");
	return mkdtemp(work) ? 0 : -1;
}

static int close_work(void **state)
{
	char *command = xasprintf("rm -rf '%s'", work);
	int rc = system(command);

	folders_fail = false;
	free(command);
	return rc;
}

TEST_WITH(makes_it_and_its_subfolders, open_work, close_work)
{
	char *path = xasprintf("%s/new", work), *certs = xasprintf("%s/certs", path);
	struct err e;

	assert_int_equal(state_open(path, true, &e), EXIT_DONE);
	assert_int_equal(access(certs, W_OK), 0);
	free(path);
	free(certs);
}

TEST_WITH(a_folder_that_is_not_on_disk_is_an_error, open_work, close_work)
{
	char *path = xasprintf("%s/new", work);
	struct err e;

	folders_fail = true;
	assert_int_equal(state_open(path, true, &e), EXIT_FAILED);
	assert_non_null(strstr(e.text, path));
	assert_non_null(strstr(e.text, strerror(EIO)));
	free(path);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
