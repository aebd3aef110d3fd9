/* Several processes at one database. */
#include "unit.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/db.h"
#include "common/mem.h"

#define ROUNDS    20
#define PROCESSES 8

/* Waits until the barrier's other end is closed, then opens it. */
static void opener(const char *path, int barrier)
{
	struct err e;
	char octet;
	struct db *d = read(barrier, &octet, 1) == 0 ? db_open(path, &e) : NULL;

	if (!d)
		fprintf(stderr, "%s\n", e.text);
	db_close(d);
	_exit(!d);
}

static void open_at_once(const char *path)
{
	int barrier[2], status;

	assert_int_equal(pipe(barrier), 0);
	for (size_t i = 0; i < PROCESSES; i++)
		if (fork() == 0) {
			close(barrier[1]);
			opener(path, barrier[0]);
		}
	close(barrier[0]);
	close(barrier[1]);
	for (size_t i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
}

TEST(many_make_it_at_once)
{
	char folder[] = "/tmp/test_db.XXXXXX";
	char *remove;

	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < ROUNDS; i++) {
		char *path = xasprintf("%s/%zu", folder, i);

		open_at_once(path);
		free(path);
	}
	remove = xasprintf("rm -r '%s'", folder);
	assert_int_equal(system(remove), 0);
	free(remove);
}

int main(void)
{
	return unit_run(NULL, NULL);
}
