/* What one host writes, no other writes at the same time. */
#include "config.h"

#include "unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/mem.h"
#include "peer.h"

#define V "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
#define AT(op, owner)                                                                                        \
	"{'id':1,'op':'" op "','ms':20000,'zone':'e.test','name':'_acme-challenge." owner "','value':'" V    \
	"','ttl':60}"
#define OK   "{'id':1,'rc':'ok'}"
#define BUSY "{'id':1,'rc':'busy','msg':'another dnsproof process is writing to _acme-challenge.e.test'}"

static char folder[64];

static char *path_of(const char *name)
{
	return xasprintf("%s/%s", folder, name);
}

/* A host of its own account; with_files: its programs inherit locks, too. */
static void start(struct peer *p, const char *account, bool with_files)
{
	char *setup = xasprintf("{'account':'%s','provider':'exec','modules':'" REAL_MODULES
	                        "','options':{'program':{'value':'%s/program'}},'verbose':0,'go':5}",
	                        account, folder);
	char *lock = path_of("write.lock"), *locks = path_of("locks"), *hello;

	peer_lock(lock, with_files ? locks : NULL);
	peer_start(p, setup, NULL);
	hello = peer_line(p);
	if (!strstr(hello, "\"replaces\":\"rrset\""))
		fail_msg("%s", hello);
	free(hello);
	free(locks);
	free(lock);
	free(setup);
}

/* Returns when the program runs; it ends when the descriptor is closed. */
static int begin_write(struct peer *p, const char *line)
{
	char *gate = path_of("gate");
	int fd;

	peer_send(p, line);
	fd = open(gate, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	free(gate);
	return fd;
}

static void ends_well(struct peer *p)
{
	char *errors;
	int status = peer_end(p, &errors);

	if (status || *errors)
		fail_msg("status 0x%x: %s", status, errors);
	free(errors);
}

static void is_answer(struct peer *p, const char *want)
{
	char *line = peer_line(p);

	if (!strstr(line, want))
		fail_msg("%s", line);
	free(line);
}

static unsigned lock_files(void)
{
	char *path = path_of("locks");
	DIR *d = opendir(path);
	struct dirent *entry;
	unsigned n = 0;

	while ((entry = readdir(d)))
		n += entry->d_name[0] != '.';
	closedir(d);
	free(path);
	return n;
}

static void two_accounts(bool with_files)
{
	struct peer a, b;
	int gate;

	start(&a, "A", with_files);
	start(&b, "B", with_files);
	gate = begin_write(&a, AT("add", "e.test"));
	assert_int_equal(lock_files(), with_files);
	peer_expect(&b, AT("add", "e.test"), BUSY);
	peer_expect(&b, AT("del", "e.test"), BUSY);
	peer_expect(&b, AT("del", "fast.e.test"), OK); /* another set */
	close(gate);
	is_answer(&a, "\"rc\":\"ok\"");
	assert_int_equal(lock_files(), 0);
	peer_expect(&b, AT("del", "e.test"), OK);
	peer_expect(&a, AT("del", "e.test"), OK);
	ends_well(&a);
	ends_well(&b);
}

TEST(test_two_accounts)
{
	two_accounts(false);
}

TEST(test_two_accounts_with_files)
{
	two_accounts(true);
}

/* Whoever asked for the write is dead: its writer still writes. */
static void engine_is_killed(bool with_files)
{
	struct peer a, b;
	int gate;

	start(&a, "A", with_files);
	start(&b, "B", with_files);
	gate = begin_write(&a, AT("add", "e.test"));
	shutdown(a.fd, SHUT_RDWR);
	peer_expect(&b, AT("add", "e.test"), BUSY);
	close(gate);
	ends_well(&a);
	peer_expect(&b, AT("del", "e.test"), OK);
	ends_well(&b);
}

TEST(test_engine_is_killed)
{
	engine_is_killed(false);
	engine_is_killed(true);
}

#ifdef __linux__
/* The host is dead, too, and what its program started still writes. */
TEST(test_host_is_killed)
{
	struct peer a, b;
	int gate;

	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	start(&a, "A", true);
	gate = begin_write(&a, AT("add", "e.test"));
	kill(a.pid, SIGKILL);
	peer_end(&a, NULL);
	assert_true(waitpid(-1, NULL, 0) > 0); /* the program dies with the host, */
	start(&b, "B", true);
	peer_expect(&b, AT("add", "e.test"), BUSY);
	close(gate);
	assert_true(waitpid(-1, NULL, 0) > 0); /* what it started does not */
	peer_expect(&b, AT("del", "e.test"), OK);
	assert_int_equal(lock_files(), 0);
	ends_well(&b);
}
#endif

static int make_folder(void **state)
{
	char *path, *gate, *locks;
	int fd;

	snprintf(folder, sizeof(folder), "/tmp/test_scope.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	path = path_of("program");
	gate = path_of("gate");
	locks = path_of("locks");
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	dprintf(fd, "#!/bin/sh\nif test $1 = add; then cat %s; fi\nexit 0\n", gate);
	close(fd);
	assert_int_equal(mkfifo(gate, 0600), 0);
	assert_int_equal(mkdir(locks, 0700), 0);
	free(path);
	free(gate);
	free(locks);
	return 0;
}

static int drop_folder(void **state)
{
	static const char *const names[] = {"program", "gate", "write.lock", "locks"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_of(names[i]);

		remove(path);
		free(path);
	}
	return rmdir(folder);
}

int main(void)
{
	alarm(120);
	return unit_run(make_folder, drop_folder);
}
