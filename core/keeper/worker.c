#include "config.h"

#include "keeper/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/io.h"
#include "common/log.h"
#include "common/mem.h"

#define RESULT_MOST (64 * 1024)

struct worker {
	TAILQ_ENTRY(worker) next;
	struct workers *home;
	worker_fn *fn;
	worker_done_fn *done;
	void *arg;
	pid_t child;
	int fd;
	struct loop_fd *watch;
	struct buf result;
};

TAILQ_HEAD(worker_list, worker);

struct workers {
	struct loop *loop;
	struct loop_timer *kick;
	struct worker_list waiting, running;
	worker_drop_fn *drop;
	unsigned children, most;
};

static void worker_free(struct worker *k)
{
	loop_fd_free(k->watch);
	if (k->fd >= 0)
		close(k->fd);
	buf_wipe(&k->result);
	free(k);
}

static void child_wait(pid_t child)
{
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

static void worker_end(struct worker *k)
{
	struct workers *w = k->home;

	TAILQ_REMOVE(&w->running, k, next);
	if (k->child) {
		child_wait(k->child);
		w->children--;
	}
	if (!TAILQ_EMPTY(&w->waiting))
		loop_timer_set(w->kick, 0);
	k->done(k->arg, &k->result);
	worker_free(k);
}

static void worker_readable(void *arg, int ready)
{
	struct worker *k = arg;
	char block[4096];
	ssize_t n = read(k->fd, block, sizeof(block));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && buf_add(&k->result, block, (size_t)n)) {
		mem_wipe(block, (size_t)n);
		return;
	}
	if (n != 0)
		buf_wipe(&k->result);
	worker_end(k);
}

static _Noreturn void child_main(const struct worker *k, int out)
{
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	dup2(out, 3);
	fcntl(3, F_SETFD, 0);
	io_close_from(4);
	k->fn(k->arg, 3);
	_exit(0);
}

static bool worker_spawn(struct worker *k)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	k->child = fork();
	if (k->child == 0)
		child_main(k, ends[1]);
	close(ends[1]);
	k->fd = ends[0];
	if (k->child < 0) {
		k->child = 0;
		return false;
	}
	k->home->children++;
	k->watch = loop_fd_new(k->home->loop, k->fd, worker_readable, k);
	loop_fd_want(k->watch, LOOP_READ);
	return true;
}

static void workers_kick(void *arg)
{
	struct workers *w = arg;
	struct worker *k;

	while (w->children < w->most && (k = TAILQ_FIRST(&w->waiting))) {
		TAILQ_REMOVE(&w->waiting, k, next);
		TAILQ_INSERT_TAIL(&w->running, k, next);
		if (worker_spawn(k))
			continue;
		log_error("no process for work of the keeper: %s", strerror(errno));
		worker_end(k);
	}
}

struct workers *workers_new(struct loop *l, unsigned most, worker_drop_fn *drop)
{
	struct workers *w = xcalloc(1, sizeof(*w));

	w->loop = l;
	w->most = most;
	w->drop = drop;
	w->kick = loop_timer_new(l, workers_kick, w);
	TAILQ_INIT(&w->waiting);
	TAILQ_INIT(&w->running);
	return w;
}

void workers_start(struct workers *w, worker_fn *fn, worker_done_fn *done, void *arg)
{
	struct worker *k = xcalloc(1, sizeof(*k));

	*k = (struct worker){.home = w, .fn = fn, .done = done, .arg = arg, .fd = -1};
	buf_init(&k->result, RESULT_MOST);
	TAILQ_INSERT_TAIL(&w->waiting, k, next);
	loop_timer_set(w->kick, 0);
}

void workers_free(struct workers *w, bool finish)
{
	struct worker *k;

	if (!w)
		return;
	while ((k = TAILQ_FIRST(&w->running))) {
		TAILQ_REMOVE(&w->running, k, next);
		if (!finish)
			kill(k->child, SIGKILL);
		child_wait(k->child);
		w->drop(k->arg);
		worker_free(k);
	}
	while ((k = TAILQ_FIRST(&w->waiting))) {
		TAILQ_REMOVE(&w->waiting, k, next);
		w->drop(k->arg);
		worker_free(k);
	}
	loop_timer_free(w->kick);
	free(w);
}
