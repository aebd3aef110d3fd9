#include "config.h"

#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/log.h"
#include "common/sanitized.h"

#define PRIVATE_LEAST 32

void guard_process(void)
{
	const struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
	umask(077);
#ifdef __linux__
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef SANITIZED /* its leak check traces the process */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
#endif
}

void guard_signals(void)
{
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
}

static int move_away(int fd)
{
	int private = fcntl(fd, F_DUPFD_CLOEXEC, PRIVATE_LEAST);

	if (private < 0)
		log_fatal(2, "descriptor %d: %s", fd, strerror(errno));
	return private;
}

void guard_stdio(int *in, int *out)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		log_fatal(2, "/dev/null: %s", strerror(errno));
	while (null <= 2)
		null = fcntl(null, F_DUPFD_CLOEXEC, 3);
	if (fcntl(2, F_GETFD) < 0)
		dup2(null, 2);
	*in = move_away(0);
	*out = move_away(1);
	dup2(null, 0);
	dup2(2, 1);
	close(null);
}
