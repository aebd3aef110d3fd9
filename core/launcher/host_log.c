#include "config.h"

#include "launcher/host_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/mem.h"
#include "launcher/secret.h"

#define LINE_READ  8192 /* of a line, what is masked */
#define LINE_SHOWN 512  /* of it, what is shown: a secret cut at the end of the former stays hidden */

struct host_log {
	int fd;
	struct loop_fd *watch;
	struct strs masks;
	struct buf line;
	size_t seen;
	bool ended;
	char *last;
	void (*fn)(void *arg, const char *text);
	void *arg;
};

static void line_end(struct host_log *t)
{
	char *raw = buf_take(&t->line);
	secret_mask(raw, &t->masks);
	char *shown = str_printable(raw, LINE_SHOWN);
	mem_wipe_free(raw);
	if (!*shown) {
		free(shown);
		return;
	}
	free(t->last);
	t->last = shown;
	if (t->fn)
		t->fn(t->arg, shown);
}

static void take(struct host_log *t, const char *text, size_t n)
{
	size_t left = TAIL_MOST - t->seen;
	if (n > left)
		n = left;
	t->seen += n;
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\n')
			line_end(t);
		else if (text[i] != '\0')
			buf_add(&t->line, text + i, 1);
	}
}

static void read_some(struct host_log *t)
{
	char piece[4096];
	ssize_t n;
	size_t most = 4 * TAIL_MOST;
	while (!t->ended && most && ((n = read(t->fd, piece, sizeof piece)) != -1 || errno == EINTR)) {
		if (n == 0) {
			t->ended = true;
		} else if (n > 0) {
			take(t, piece, (size_t)n);
			most -= (size_t)n < most ? (size_t)n : most;
		}
	}
	mem_wipe(piece, sizeof piece);
	if (t->ended)
		loop_fd_want(t->watch, 0);
}

static void readable(void *arg, int ready)
{
	(void)ready;
	read_some(arg);
}

void host_log_finish(struct host_log *t)
{
	read_some(t);
	if (t->line.len)
		line_end(t);
}

struct host_log *host_log_new(struct loop *l, int fd, struct strs *masks,
                              void (*line)(void *arg, const char *text), void *arg)
{
	struct host_log *t = xcalloc(1, sizeof *t);
	t->fd = fd;
	t->masks = *masks;
	memset(masks, 0, sizeof *masks);
	t->fn = line;
	t->arg = arg;
	t->last = xstrdup("");
	buf_init(&t->line, LINE_READ);
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	t->watch = loop_fd_new(l, fd, readable, t);
	loop_fd_want(t->watch, LOOP_READ);
	return t;
}

const char *host_log_last(const struct host_log *t)
{
	return t->last;
}

void host_log_free(struct host_log *t)
{
	if (!t)
		return;
	loop_fd_free(t->watch);
	close(t->fd);
	secret_masks_free(&t->masks);
	buf_wipe(&t->line);
	free(t->last);
	free(t);
}
