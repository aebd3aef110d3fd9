#include "config.h"

#include "launcher/host_process.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/mem.h"
#include "launcher/child.h"
#include "launcher/host_setup.h"
#include "launcher/secret.h"

#define JUDGE_MS   30000 /* a machine that starts up is slow */
#define HELLO_MOST (256 * 1024)
#define PAUSE_MS   5 /* until the rest of a greeting is looked for */

/* The descriptors of one start: ours and the host's end of each. */
struct ends {
	int socket[2], go[2], errors[2];
};

static void close_both(const int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
}

static bool ends_open(struct ends *s, struct err *e)
{
	*s = (struct ends){{-1, -1}, {-1, -1}, {-1, -1}};
	if (child_socketpair(s->socket, e) && child_socketpair(s->go, e)) {
		if (pipe2(s->errors, O_CLOEXEC) == 0)
			return true;
		err_set(e, "too many open files");
	}
	close_both(s->socket);
	close_both(s->go);
	return false;
}

static pid_t launch(struct host_setup *setup, const struct ends *s, struct err *e)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	char *argv[] = {(char *)"dnsproof-provider", (char *)"--serve", NULL};
	setup->fds[0] = setup->fds[1] = s->socket[1];
	setup->fds[2] = s->errors[1];
	setup->fds[setup->go] = s->go[1];
	struct child_plan plan = {.path = path,
	                          .argv = argv,
	                          .fds = setup->fds,
	                          .n = setup->n,
	                          .own_group = true,
	                          .die_with_us = true};
	pid_t pid = child_start(&plan, e);
	free(path);
	return pid;
}

bool host_process_start(struct host_process *p, const struct dns_account *a, unsigned verbose, struct err *e)
{
	struct host_setup setup;
	struct ends s;
	*p = (struct host_process){.socket = -1, .errors = -1, .go = -1};
	if (!host_setup_make(&setup, a, verbose, e) || !ends_open(&s, e)) {
		host_setup_free(&setup);
		return false;
	}
	p->pid = launch(&setup, &s, e);
	close(s.socket[1]);
	close(s.go[1]);
	close(s.errors[1]);
	p->socket = s.socket[0];
	p->go = s.go[0];
	p->errors = s.errors[0];
	p->masks = setup.masks;
	setup.masks = (struct strs){0};
	host_setup_free(&setup);
	if (p->pid > 0)
		return true;
	host_process_end(p);
	return false;
}

static bool says_it_can(const char *greeting, size_t n, const char *provider, struct err *e)
{
	json_t *hello = json_loadb(greeting, n, JSON_DISABLE_EOF_CHECK, NULL);
	const char *error = json_string_value(json_object_get(hello, "error"));
	bool ok = json_is_object(hello) && !error;
	if (error && strstr(error, provider))
		err_set(e, "%s", error);
	else if (error)
		err_set(e, "%s: %s", provider, error);
	else if (!ok)
		err_set(e, "%s: dnsproof-provider does not greet as it should", provider);
	json_decref(hello);
	return ok;
}

/* The first line, of which nothing is taken out of the socket: octets up to its end, 0 at the end of file; with e -1
 * when it is too long, -2 when none comes. */
static ssize_t peek_line(int fd, char *text, size_t room, struct err *e)
{
	uint64_t ends = clock_ms() + JUDGE_MS, now;
	while ((now = clock_ms()) < ends) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		if (poll(&p, 1, (int)(ends - now)) <= 0)
			continue;
		ssize_t n = recv(fd, text, room, MSG_PEEK | MSG_DONTWAIT);
		const char *end = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;
		if (end)
			return end - text;
		if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
			return 0;
		if (n == (ssize_t)room) {
			err_set(e, "greets with more than %zu octets", room);
			return -1;
		}
		poll(NULL, 0, PAUSE_MS);
	}
	err_set(e, "took longer than %d s", JUDGE_MS / 1000);
	return -2;
}

bool host_process_judge(const struct host_process *p, const struct dns_account *a, bool *passes,
                        struct err *e)
{
	char *text = xcalloc(1, HELLO_MOST);
	ssize_t n = peek_line(p->socket, text, HELLO_MOST, e);
	*passes = n == 0 || n == -2;
	bool ok = n > 0 && says_it_can(text, (size_t)n, a->provider, e);
	if (n == 0)
		err_set(e,
		        "%s: dnsproof-provider ended without a word; dnsproof-provider --describe %s may "
		        "tell why",
		        a->provider, a->provider);
	else if (n < 0)
		err_prefix(e, "%s: dnsproof-provider", a->provider);
	free(text);
	return ok;
}

static bool send_with(int fd, const char *line, const int *fds, size_t n, struct err *e)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	struct iovec v = {(char *)line, strlen(line)};
	struct msghdr m = {.msg_iov = &v,
	                   .msg_iovlen = 1,
	                   .msg_control = control.bytes,
	                   .msg_controllen = CMSG_SPACE(n * sizeof(int))};
	control.align.cmsg_len = CMSG_LEN(n * sizeof(int));
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.align), fds, n * sizeof(int));
	return sendmsg(fd, &m, MSG_NOSIGNAL) == (ssize_t)v.iov_len ||
	       err_set(e, "cannot tell dnsproof-provider to serve: %s", strerror(errno));
}

/* Each host has an opening of its own: one that closes drops all POSIX locks of its process. A full disk is no
 * reason not to remove. */
static bool open_lock(const char *state, int *lock, struct err *e)
{
	char *path = xasprintf("%s/write.lock", state);
	*lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	int trouble = *lock < 0 ? errno : 0;
	bool ok = !trouble || trouble == ENOSPC || trouble == EDQUOT || trouble == EROFS ||
	          err_set(e, "%s: %s", path, strerror(trouble));
	free(path);
	return ok;
}

bool host_process_go(struct host_process *p, const char *state, int run_lock, struct err *e)
{
	int fds[2] = {-1, run_lock};
	if (!open_lock(state, &fds[0], e))
		return false;
	bool locked = fds[0] >= 0;
	char *folder = xasprintf("%s/locks", state);
	json_t *o = json_pack("{s:b, s:s}", "lock", locked, "locks", folder);
	char *json = json_dumps(o, JSON_COMPACT), *line = xasprintf("%s\n", json);
	bool ok = send_with(p->go, line, locked ? fds : fds + 1, locked ? 2 : 1, e);
	free_all(folder, json, line);
	json_decref(o);
	if (locked)
		close(fds[0]);
	close(p->go);
	p->go = -1;
	return ok;
}

void host_process_end(struct host_process *p)
{
	int fds[] = {p->socket, p->errors, p->go};
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	secret_masks_free(&p->masks);
	if (p->pid <= 0)
		return;
	kill(-p->pid, SIGKILL);
	kill(p->pid, SIGKILL);
	child_wait(p->pid);
	p->pid = 0;
}
