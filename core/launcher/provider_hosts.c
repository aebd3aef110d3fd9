#include "config.h"

#include "launcher/provider_hosts.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/child.h"
#include "launcher/events.h"
#include "launcher/host_log.h"
#include "launcher/host_setup.h"

#define HOSTS_MOST 64 /* alive at once */

struct host {
	int number;
	pid_t pid;
	char *account;
	struct host_log *tail;
};

struct provider_hosts {
	struct loop *loop;
	const struct dns_accounts *accounts;
	const char *state;
	int lock;
	unsigned verbose;
	void (*died)(void *arg, int host, const char *how, const char *last);
	void *arg;
	struct host **at;
	size_t n;
	int count;
};

/* What one start needs, until the host is there. */
struct start {
	struct host_setup setup;
	int socket[2], errors[2];
};

struct provider_hosts *
provider_hosts_new(struct loop *l, const struct dns_accounts *accounts, const char *state, int lock,
                   unsigned verbose, void (*died)(void *arg, int host, const char *how, const char *last),
                   void *arg)
{
	struct provider_hosts *h = xcalloc(1, sizeof *h);
	h->loop = l;
	h->accounts = accounts;
	h->state = state;
	h->lock = lock;
	h->verbose = verbose;
	h->died = died;
	h->arg = arg;
	return h;
}

static void host_free(struct host *t)
{
	host_log_free(t->tail);
	free(t->account);
	free(t);
}

void provider_hosts_free(struct provider_hosts *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->n; i++)
		host_free(h->at[i]);
	free(h->at);
	free(h);
}

static bool make_pipes(struct start *s, struct err *e)
{
	if (!child_socketpair(s->socket, e))
		return false;
	if (pipe2(s->errors, O_CLOEXEC) == 0)
		return true;
	return err_set(e, "too many open files");
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void start_end(struct start *s)
{
	host_setup_free(&s->setup);
	close_if(s->socket[0]);
	close_if(s->socket[1]);
	close_if(s->errors[0]);
	close_if(s->errors[1]);
}

static void show_line(void *arg, const char *text)
{
	struct host *t = arg;
	events_say(SAY_DEBUG, "provider", "%s: %s", t->account, text);
}

static pid_t launch(struct provider_hosts *h, struct start *s, struct err *e)
{
	char *path = child_program(BINDIR, "DNSPROOF_BINDIR", "dnsproof-provider");
	char *argv[] = {(char *)"dnsproof-provider", (char *)"--serve", NULL};
	int *fds = s->setup.fds;
	fds[0] = fds[1] = s->socket[1];
	fds[2] = s->errors[1];
	fds[s->setup.n++] = h->lock;
	struct child_plan plan = {
	    .path = path, .argv = argv, .fds = fds, .n = s->setup.n, .own_group = true, .die_with_us = true};
	pid_t pid = child_start(&plan, e);
	free(path);
	return pid;
}

static int host_add(struct provider_hosts *h, struct start *s, const char *account, pid_t pid)
{
	struct host *t = xcalloc(1, sizeof *t);
	t->number = ++h->count;
	t->pid = pid;
	t->account = xstrdup(account);
	t->tail = host_log_new(h->loop, s->errors[0], &s->setup.masks, h->verbose ? show_line : NULL, t);
	s->errors[0] = -1;
	h->at = xgrow(h->at, h->n, sizeof(struct host *));
	h->at[h->n++] = t;
	return t->number;
}

int provider_hosts_start(struct provider_hosts *h, const char *account, int *fd, struct err *e)
{
	struct start s = {.setup.lock = -1, .socket = {-1, -1}, .errors = {-1, -1}};
	const struct dns_account *a = dns_accounts_find(h->accounts, account);
	int number = 0;
	if (!a) {
		err_set(e, "no DNS account %s", account);
		return 0;
	}
	if (h->n >= HOSTS_MOST) {
		err_set(e, "%d provider hosts run already", HOSTS_MOST);
		return 0;
	}
	if (host_setup_make(&s.setup, a, h->state, h->verbose, e) && make_pipes(&s, e)) {
		pid_t pid = launch(h, &s, e);
		if (pid > 0) {
			number = host_add(h, &s, account, pid);
			*fd = s.socket[0];
			s.socket[0] = -1;
		}
	}
	start_end(&s);
	return number;
}

void provider_hosts_kill(struct provider_hosts *h, int host)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->at[i]->number == host)
			kill(-h->at[i]->pid, SIGKILL);
}

void provider_hosts_kill_all(struct provider_hosts *h)
{
	for (size_t i = 0; i < h->n; i++)
		kill(-h->at[i]->pid, SIGKILL);
}

static void host_died(struct provider_hosts *h, size_t index, int status)
{
	struct host *t = h->at[index];
	h->at[index] = h->at[--h->n];
	host_log_finish(t->tail);
	char *how = child_how(status);
	h->died(h->arg, t->number, how, host_log_last(t->tail));
	free(how);
	host_free(t);
}

void provider_hosts_reap(struct provider_hosts *h)
{
	int status;
	for (size_t i = 0; i < h->n;)
		if (child_ended(h->at[i]->pid, true, &status))
			host_died(h, i, status);
		else
			i++;
}

size_t provider_hosts_alive(const struct provider_hosts *h)
{
	return h->n;
}
