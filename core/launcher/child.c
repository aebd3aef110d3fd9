#include "config.h"

#include "launcher/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mman.h>
#include <sys/prctl.h>
#endif

#include "common/io.h"
#include "common/mem.h"
#include "common/str.h"

#define FDS_MOST 128

extern char **environ;

static const char *const clean_environment[] = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG=C",
    "TZ=UTC",
};

static bool is_passed_on(const char *variable)
{
#ifdef TEST_HOOKS
	return str_starts(variable, "DNSPROOF_") || str_starts(variable, "ASAN_OPTIONS=") ||
	       str_starts(variable, "UBSAN_OPTIONS=") || str_starts(variable, "LSAN_OPTIONS=");
#else
	return false;
#endif
}

static char **environment_new(void)
{
	size_t n = sizeof clean_environment / sizeof clean_environment[0], all = n;
	for (char **v = environ; *v; v++)
		all++;
	char **env = xcalloc(all + 1, sizeof *env);
	for (size_t i = 0; i < n; i++)
		env[i] = (char *)clean_environment[i];
	for (char **v = environ; *v; v++)
		if (is_passed_on(*v))
			env[n++] = *v;
	return env;
}

/* Lifts all above the places they go to, so that no dup2 overwrites one that is still needed. */
static bool place_descriptors(const struct child_plan *p, int *told)
{
	int lifted[FDS_MOST];
	int above = (int)p->n + 1;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	*told = fcntl(*told, F_DUPFD_CLOEXEC, above);
	if (null < 0 || *told < 0)
		return false;
	for (size_t i = 0; i < p->n; i++) {
		lifted[i] = fcntl(p->fds[i] < 0 ? null : p->fds[i], F_DUPFD_CLOEXEC, above);
		if (lifted[i] < 0)
			return false;
	}
	for (size_t i = 0; i < p->n; i++)
		if (dup2(lifted[i], (int)i) < 0)
			return false;
	if (dup3(*told, (int)p->n, O_CLOEXEC) < 0)
		return false;
	*told = (int)p->n;
	io_close_from(above);
	return true;
}

static void set_signals(const struct child_plan *p)
{
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	if (!p->interactive) {
		signal(SIGINT, SIG_IGN);
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
	}
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void set_death(const struct child_plan *p, pid_t parent)
{
#ifdef __linux__
	if (p->die_with_us) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(127);
	}
#endif
}

static _Noreturn void become(const struct child_plan *p, char **env, int told, pid_t parent)
{
	if (p->own_group)
		setpgid(0, 0);
	set_death(p, parent);
	if (place_descriptors(p, &told)) {
		set_signals(p);
		execve(p->path, p->argv, env);
	}
	int trouble = errno;
	if (write(told, &trouble, sizeof trouble) < 0)
		_exit(126);
	_exit(127);
}

/* 0 when exec has happened, else its errno. */
static int exec_trouble(int fd)
{
	int trouble = 0;
	ssize_t n;
	do
		n = read(fd, &trouble, sizeof trouble);
	while (n < 0 && errno == EINTR);
	return n == (ssize_t)sizeof trouble ? trouble : 0;
}

static pid_t fork_quietly(const struct child_plan *p, char **env, int told)
{
	sigset_t all, old;
	pid_t parent = getpid();
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	pid_t pid = fork();
	if (pid == 0)
		become(p, env, told, parent);
	int trouble = errno;
	sigprocmask(SIG_SETMASK, &old, NULL);
	errno = trouble;
	return pid;
}

pid_t child_start(const struct child_plan *p, struct err *e)
{
	int told[2];
	if (p->n >= FDS_MOST || pipe2(told, O_CLOEXEC) < 0) {
		err_set(e, "cannot start %s: too many open files", p->path);
		return -1;
	}
	char **env = environment_new();
	pid_t pid = fork_quietly(p, env, told[1]);
	int trouble = errno;
	free(env);
	close(told[1]);
	if (pid > 0)
		trouble = exec_trouble(told[0]);
	close(told[0]);
	if (pid > 0 && trouble) {
		child_wait(pid);
		pid = -1;
	}
	if (pid < 0)
		err_set(e, "cannot start %s: %s; is dnsproof installed completely?", p->path,
		        strerror(trouble));
	return pid;
}

bool child_ended(pid_t pid, bool own_group, int *status)
{
	siginfo_t info;
	memset(&info, 0, sizeof info);
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0 || info.si_pid != pid)
		return false;
	if (own_group)
		kill(-pid, SIGKILL);
	return waitpid(pid, status, 0) == pid;
}

int child_wait(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

char *child_how(int status)
{
	if (WIFSIGNALED(status))
		return xasprintf("signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return xasprintf("exit code %d", WEXITSTATUS(status));
}

bool child_socketpair(int pair[2], struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0)
		return true;
	return err_set(e, "cannot make a socket pair: %s", strerror(errno));
}

static int document_open(size_t n)
{
#ifdef HAVE_MEMFD_CREATE
	return memfd_create("dnsproof", MFD_CLOEXEC);
#else
	(void)n;
	return -1;
#endif
}

static int document_by_pipe(const char *text, size_t n)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -1;
	bool ok = io_write(ends[1], text, n);
	close(ends[1]);
	if (ok)
		ok = fcntl(ends[0], F_SETFL, 0) == 0;
	if (ok)
		return ends[0];
	close(ends[0]);
	return -1;
}

int child_document(const char *text, struct err *e)
{
	size_t n = strlen(text);
	int fd = document_open(n);
	if (fd < 0)
		fd = document_by_pipe(text, n);
	else if (!io_write(fd, text, n) || lseek(fd, 0, SEEK_SET) < 0) {
		close(fd);
		fd = -1;
	}
	if (fd < 0)
		err_set(e, "cannot hand over a setup document of %zu octets: %s", n, strerror(errno));
	return fd;
}

char *child_program(const char *folder, const char *env, const char *name)
{
#ifdef TEST_HOOKS
	const char *other = getenv(env);
	if (other && *other)
		folder = other;
#endif
	return xasprintf("%s/%s", folder, name);
}
