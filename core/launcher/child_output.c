#include "config.h"

#include "launcher/child_output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/io.h"
#include "common/mem.h"

#define LOOK_MS 100 /* how often a signal is looked for */

static bool took_too_long(unsigned ms, struct err *e)
{
	return err_set(e, "took longer than %u s", (ms + 999) / 1000);
}

/* A signal that ends us, or is to wind the run down, does not wait for the program. */
static void hold_signals(sigset_t *old)
{
	sigset_t held;
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, old);
}

static bool signal_waits(struct err *e)
{
	sigset_t all;
	sigpending(&all);
	if (!sigismember(&all, SIGINT) && !sigismember(&all, SIGTERM) && !sigismember(&all, SIGHUP))
		return false;
	err_set(e, "was stopped by a signal");
	return true;
}

static bool read_output(int fd, uint64_t ends, unsigned ms, struct buf *out, struct err *e)
{
	uint64_t look;
	do {
		if (signal_waits(e))
			return false;
		look = clock_ms() + LOOK_MS;
		if (io_read_until(fd, out, look < ends ? look : ends))
			return true;
	} while (errno == ETIMEDOUT && look < ends);
	if (errno == ETIMEDOUT)
		return took_too_long(ms, e);
	if (errno == EFBIG)
		return err_set(e, "writes more than %zu octets", out->cap);
	return err_set(e, "%s", strerror(errno));
}

/* A program may go on after it has closed its output: it is looked at again until it ends. */
static bool wait_end(pid_t pid, uint64_t ends, unsigned ms, int *status, struct err *e)
{
	int pause = 1;
	while (!child_ended(pid, true, status)) {
		if (signal_waits(e))
			return false;
		if (clock_ms() >= ends)
			return took_too_long(ms, e);
		poll(NULL, 0, pause);
		pause = pause < 50 ? pause * 2 : pause;
	}
	return true;
}

static bool ended_well(int status, struct err *e)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	char *how = child_how(status);
	err_set(e, "ended with %s", how);
	free(how);
	return false;
}

bool child_output_read(struct child_plan *p, int *fds, unsigned ms, struct buf *out, struct err *e)
{
	uint64_t ends = clock_ms() + ms;
	int pipe_fds[2], status = 0;
	sigset_t old;
	if (pipe2(pipe_fds, O_CLOEXEC) < 0)
		return err_set(e, "too many open files");
	fds[STDOUT_FILENO] = pipe_fds[1];
	p->fds = fds;
	p->own_group = p->die_with_us = true;
	hold_signals(&old);
	pid_t pid = child_start(p, e);
	close(pipe_fds[1]);
	bool ok =
	    pid > 0 && read_output(pipe_fds[0], ends, ms, out, e) && wait_end(pid, ends, ms, &status, e);
	if (pid > 0 && !ok) {
		kill(-pid, SIGKILL);
		child_wait(pid);
	}
	close(pipe_fds[0]);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return ok && ended_well(status, e);
}
