#include "config.h"

#include "launcher/provider_hosts.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "launcher/child.h"
#include "launcher/events.h"
#include "launcher/host_log.h"
#include "launcher/host_process.h"
#include "launcher/judged_hosts.h"

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
	struct judged_hosts *judged;
	const char *state;
	int lock;
	unsigned verbose;
	void (*died)(void *arg, int host, const char *how, const char *last);
	void *arg;
	struct host **at;
	size_t n;
	int count;
};

struct provider_hosts *
provider_hosts_new(struct loop *l, const struct job *job, int lock, unsigned verbose,
                   void (*died)(void *arg, int host, const char *how, const char *last), void *arg)
{
	struct provider_hosts *h = xcalloc(1, sizeof *h);
	h->loop = l;
	h->accounts = job->accounts;
	h->judged = job->judged;
	h->state = job->state;
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

static void show_line(void *arg, const char *text)
{
	struct host *t = arg;
	events_say(SAY_DEBUG, "provider", "%s: %s", t->account, text);
}

static int host_add(struct provider_hosts *h, struct host_process *p, const char *account)
{
	struct host *t = xcalloc(1, sizeof *t);
	t->number = ++h->count;
	t->pid = p->pid;
	t->account = xstrdup(account);
	t->tail = host_log_new(h->loop, p->errors, &p->masks, h->verbose ? show_line : NULL, t);
	h->at = xgrow(h->at, h->n, sizeof(struct host *));
	h->at[h->n++] = t;
	return t->number;
}

/* One that was started to judge the account's options goes first. */
static bool get_process(struct provider_hosts *h, const struct dns_account *a, struct host_process *p,
                        struct err *e)
{
	bool judged = judged_hosts_take(h->judged, a->name, p);
	if (judged && host_process_go(p, h->state, h->lock, e))
		return true;
	if (judged)
		host_process_end(p);
	if (!host_process_start(p, a, h->verbose, e))
		return false;
	if (host_process_go(p, h->state, h->lock, e))
		return true;
	host_process_end(p);
	return false;
}

int provider_hosts_start(struct provider_hosts *h, const char *account, int *fd, struct err *e)
{
	const struct dns_account *a = dns_accounts_find(h->accounts, account);
	struct host_process p;
	if (!a) {
		err_set(e, "no DNS account %s", account);
		return 0;
	}
	if (h->n >= HOSTS_MOST) {
		err_set(e, "%d provider hosts run already", HOSTS_MOST);
		return 0;
	}
	if (!get_process(h, a, &p, e))
		return 0;
	*fd = p.socket;
	return host_add(h, &p, account);
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
