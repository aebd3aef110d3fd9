#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "common/buf.h"
#include "common/io.h"
#include "common/mem.h"
#include "keeper/key.h"
#include "keeper/keygen.h"

#define CHILDREN_MOST 2
#define KEY_MOST      16384

struct keygen_job {
	struct keygen_job *next;
	struct keygen *home;
	char *type;
	keygen_fn *fn;
	void *arg;
	pid_t child; /* 0 = not started */
	int fd;
	struct loop_fd *watch;
	struct buf pem;
};

struct keygen {
	struct loop *loop;
	struct loop_timer *kick;
	struct keygen_job *first; /* in the order they came */
	unsigned children;
};

static void job_free(struct keygen_job *j)
{
	loop_fd_free(j->watch);
	if (j->fd >= 0)
		close(j->fd);
	buf_wipe(&j->pem);
	free(j->type);
	free(j);
}

static void job_end(struct keygen_job *j, EVP_PKEY *key, const struct err *e)
{
	struct keygen *g = j->home;
	struct keygen_job **at = &g->first;
	keygen_fn *fn = j->fn;
	void *arg = j->arg;

	while (*at != j)
		at = &(*at)->next;
	*at = j->next;
	if (j->child) {
		while (waitpid(j->child, NULL, 0) < 0 && errno == EINTR)
			;
		g->children--;
	}
	if (g->first)
		loop_timer_set(g->kick, 0);
	job_free(j);
	fn(arg, key, e);
}

static void job_readable(void *arg, int ready)
{
	struct keygen_job *j = arg;
	char block[4096];
	struct err e = {""};
	EVP_PKEY *key = NULL;
	ssize_t n = read(j->fd, block, sizeof(block));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0 && buf_add(&j->pem, block, (size_t)n)) {
		mem_wipe(block, (size_t)n);
		return;
	}
	if (j->pem.len == 0 || n != 0)
		err_set(&e, "the process that should make a %s key died", j->type);
	else
		key = key_parse(j->pem.data, j->pem.len, &e);
	job_end(j, key, &e);
}

static void close_all_but(int keep)
{
	dup2(keep, 3);
	fcntl(3, F_SETFD, 0);
	io_close_from(4);
}

static void child_main(const char *type, int out)
{
	struct err e;
	EVP_PKEY *key;
	char *pem;
	size_t n;

#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
	close_all_but(out);
	key = key_make(type, &e);
	pem = key ? key_pem(key) : NULL;
	n = pem ? strlen(pem) : 0;
	_exit(n > 0 && io_write(3, pem, n) ? 0 : 1);
}

static bool job_spawn(struct keygen_job *j, struct err *e)
{
	int ends[2];

	if (pipe(ends) != 0)
		return err_set(e, "no pipe for making a key: %s", strerror(errno));
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	j->child = fork();
	if (j->child == 0)
		child_main(j->type, ends[1]);
	close(ends[1]);
	j->fd = ends[0];
	if (j->child < 0) {
		j->child = 0;
		return err_set(e, "no process for making a key: %s", strerror(errno));
	}
	j->home->children++;
	j->watch = loop_fd_new(j->home->loop, j->fd, job_readable, j);
	loop_fd_want(j->watch, LOOP_READ);
	return true;
}

static void job_start(struct keygen_job *j)
{
	struct err e = {""};

	if (!key_type_slow(j->type))
		job_end(j, key_make(j->type, &e), &e);
	else if (!job_spawn(j, &e))
		job_end(j, NULL, &e);
}

static void keygen_kick(void *arg)
{
	struct keygen *g = arg;
	struct keygen_job *j = g->first;

	while (j && (j->child || (key_type_slow(j->type) && g->children >= CHILDREN_MOST)))
		j = j->next;
	if (!j)
		return;
	loop_timer_set(g->kick, 0);
	job_start(j);
}

struct keygen *keygen_new(struct loop *l)
{
	struct keygen *g = xcalloc(1, sizeof(*g));

	g->loop = l;
	g->kick = loop_timer_new(l, keygen_kick, g);
	return g;
}

void keygen_free(struct keygen *g)
{
	struct keygen_job *j, *next;

	if (!g)
		return;
	for (j = g->first; j; j = next) {
		next = j->next;
		if (j->child) {
			kill(j->child, SIGKILL);
			waitpid(j->child, NULL, 0);
		}
		job_free(j);
	}
	loop_timer_free(g->kick);
	free(g);
}

void keygen_start(struct keygen *g, const char *type, keygen_fn *fn, void *arg)
{
	struct keygen_job *j = xcalloc(1, sizeof(*j)), **end = &g->first;

	j->home = g;
	j->type = xstrdup(type);
	j->fn = fn;
	j->arg = arg;
	j->fd = -1;
	buf_init(&j->pem, KEY_MOST);
	while (*end)
		end = &(*end)->next;
	*end = j;
	loop_timer_set(g->kick, 0);
}
