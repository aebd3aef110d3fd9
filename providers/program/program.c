#define _GNU_SOURCE
#include "program.h"
#include "shared/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#define OUTPUT_MOST (64 * 1024)
#define ERRORS_MOST 4096

enum { READ, WRITE };

struct running {
	pid_t pid;
	int out, err; /* -1 once at their end */
	sigset_t open_mask;
	char errors[ERRORS_MOST]; /* the newest octets of standard error */
	size_t n_errors;
	struct result *result;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool pipe_open(int pair[2])
{
	return pipe2(pair, O_CLOEXEC) == 0 && fcntl(pair[READ], F_SETFL, O_NONBLOCK) == 0;
}

/* A pipe that already holds the whole input; its reading end is returned. */
static int input_open(const char *text)
{
	int pair[2];
	size_t n = strlen(text);

	if (pipe2(pair, O_CLOEXEC) != 0)
		return -1;
	if (n > 4096 || write(pair[WRITE], text, n) != (ssize_t)n)
		close_fd(&pair[READ]);
	close(pair[WRITE]);
	return pair[READ];
}

static _Noreturn void child(const struct program *p, int in, int out, int err, const sigset_t *mask)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};

	setpgid(0, 0);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (dup2(in, 0) == 0 && dup2(out, 1) == 1 && dup2(err, 2) == 2 && chdir("/") == 0)
		execve(p->argv[0], (char *const *)p->argv, (char *const *)p->env);
	dprintf(err, "cannot be started: %s\n", strerror(errno));
	_exit(127);
}

static void keep_errors(struct running *r, const char *text, size_t n)
{
	size_t keep;

	if (n >= ERRORS_MOST) {
		memcpy(r->errors, text + n - ERRORS_MOST, ERRORS_MOST);
		r->n_errors = ERRORS_MOST;
		return;
	}
	keep = r->n_errors + n > ERRORS_MOST ? ERRORS_MOST - n : r->n_errors;
	memmove(r->errors, r->errors + r->n_errors - keep, keep);
	memcpy(r->errors + keep, text, n);
	r->n_errors = keep + n;
}

static void keep_output(struct running *r, const char *text, size_t n)
{
	size_t room = OUTPUT_MOST - r->result->length;

	r->result->cut |= n > room;
	n = n > room ? room : n;
	memcpy(r->result->output + r->result->length, text, n);
	r->result->length += n;
}

static void drain(struct running *r, int *fd, void (*keep)(struct running *, const char *, size_t))
{
	char chunk[4096];
	ssize_t n;

	/* A program that never stops writing must not keep us from the deadline. */
	for (int i = 0; *fd >= 0 && i < 64; i++) {
		n = read(*fd, chunk, sizeof(chunk));
		if (n > 0)
			keep(r, chunk, (size_t)n);
		else if (n == 0 || (errno != EINTR && errno != EAGAIN))
			close_fd(fd);
		else if (errno == EAGAIN)
			return;
	}
}

static bool ended(struct running *r)
{
	return waitpid(r->pid, &r->result->status, WNOHANG) == r->pid;
}

/* Until the program ends: that of its descendants who keep the pipes open does not matter. */
static bool attend(struct running *r, unsigned ms)
{
	long long end = module_ms() + ms, left;

	while (!ended(r)) {
		struct pollfd p[2] = {{r->out, POLLIN, 0}, {r->err, POLLIN, 0}};
		struct timespec t;

		left = end - module_ms();
		if (left <= 0)
			return false;
		t = (struct timespec){left / 1000, left % 1000 * 1000000};
		ppoll(p, 2, &t, &r->open_mask);
		drain(r, &r->out, keep_output);
		drain(r, &r->err, keep_errors);
	}
	return true;
}

static void last_line(struct running *r)
{
	size_t end = r->n_errors, start, n;

	while (end > 0 && strchr(" \t\r\n", r->errors[end - 1]))
		end--;
	for (start = end; start > 0 && r->errors[start - 1] != '\n'; start--)
		;
	n = end - start < sizeof(r->result->last) - 1 ? end - start : sizeof(r->result->last) - 1;
	memcpy(r->result->last, r->errors + start, n);
	r->result->last[n] = '\0';
}

static void finish(struct running *r, unsigned ms)
{
	r->result->timed_out = !attend(r, ms);
	kill(-r->pid, SIGKILL);
	if (r->result->timed_out) {
		kill(r->pid, SIGKILL);
		while (waitpid(r->pid, &r->result->status, 0) < 0 && errno == EINTR)
			;
	}
	drain(r, &r->out, keep_output);
	drain(r, &r->err, keep_errors);
	last_line(r);
}

static bool start(const struct program *p, struct running *r)
{
	int out[2] = {-1, -1}, err[2] = {-1, -1}, in = input_open(p->input);
	bool ok = in >= 0 && pipe_open(out) && pipe_open(err);

	r->pid = ok ? fork() : -1;
	if (r->pid == 0)
		child(p, in, out[WRITE], err[WRITE], &r->open_mask);
	if (r->pid > 0)
		setpgid(r->pid, r->pid);
	else
		snprintf(r->result->last, sizeof(r->result->last), "cannot be started: %s", strerror(errno));
	close_fd(&in);
	close_fd(&out[WRITE]);
	close_fd(&err[WRITE]);
	r->out = out[READ];
	r->err = err[READ];
	return r->pid > 0;
}

static void on_child(int signum)
{
	(void)signum;
}

bool program_run(const struct program *p, struct result *result)
{
	struct sigaction wake = {.sa_handler = on_child}, before;
	struct running r = {.result = result, .out = -1, .err = -1};
	sigset_t block;
	bool ok;

	*result = (struct result){.output = calloc(1, OUTPUT_MOST + 1)};
	if (!result->output)
		abort();
	sigaction(SIGCHLD, &wake, &before);
	sigemptyset(&block);
	sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, &r.open_mask);
	sigdelset(&r.open_mask, SIGCHLD);
	ok = start(p, &r);
	if (ok)
		finish(&r, p->ms);
	close_fd(&r.out);
	close_fd(&r.err);
	sigprocmask(SIG_SETMASK, &r.open_mask, NULL);
	sigaction(SIGCHLD, &before, NULL);
	return ok;
}
