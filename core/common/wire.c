#define _GNU_SOURCE
#include "config.h"

#include "common/wire.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/log.h"
#include "common/mem.h"

#define CHUNK 65536

struct output {
	char *text;
	size_t len, done;
	int fd;
	struct output *next;
};

struct wire {
	struct loop *loop;
	int in, out;
	struct loop_fd *watch_in, *watch_out; /* the same where in == out */
	struct loop_timer *ending;
	const char *why; /* set: output is broken, the end is reported soon */
	wire_fn *fn;
	void *arg;
	void (*idle)(void *arg);
	void *idle_arg;
	struct buf buf;
	size_t scanned; /* so much of buf holds no newline */
	int fd_first;   /* came with the line that begins at the start of buf, or -1 */
	int fd_new;     /* came with the line that begins at fd_at, or -1 */
	size_t fd_at;
	struct output *queue, **queue_end;
	bool busy, ended, freed;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void drop_output(struct wire *w)
{
	struct output *o;

	while ((o = w->queue)) {
		w->queue = o->next;
		close_fd(&o->fd);
		free(o->text);
		free(o);
	}
	w->queue_end = &w->queue;
}

static void update_watch(struct wire *w)
{
	int out = w->queue ? LOOP_WRITE : 0;

	if (w->ended)
		return;
	if (w->watch_in == w->watch_out) {
		loop_fd_want(w->watch_in, LOOP_READ | out);
		return;
	}
	loop_fd_want(w->watch_in, LOOP_READ);
	loop_fd_want(w->watch_out, out);
}

static void shut(struct wire *w)
{
	w->ended = true;
	drop_output(w);
	loop_timer_free(w->ending);
	if (w->watch_out != w->watch_in)
		loop_fd_free(w->watch_out);
	loop_fd_free(w->watch_in);
	w->watch_in = w->watch_out = NULL;
	w->ending = NULL;
	close_fd(&w->fd_first);
	close_fd(&w->fd_new);
	if (w->out != w->in)
		close_fd(&w->out);
	close_fd(&w->in);
	buf_wipe(&w->buf);
}

static void end(struct wire *w, const char *why)
{
	if (w->ended)
		return;
	shut(w);
	w->fn(w->arg, NULL, -1, why);
}

/* Output cannot go on: what the peer still said is read first. */
static void break_output(struct wire *w, const char *why)
{
	drop_output(w);
	w->why = why;
	loop_timer_set(w->ending, 0);
}

/* One object, or NULL. New reference. */
static json_t *parse(const char *text, size_t n)
{
	json_t *line = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);

	if (line && !json_is_object(line)) {
		json_decref(line);
		return NULL;
	}
	return line;
}

static int take_fd(struct wire *w, size_t start)
{
	int fd = -1;

	if (!start && w->fd_first >= 0) {
		fd = w->fd_first;
		w->fd_first = -1;
	} else if (w->fd_new >= 0 && w->fd_at == start) {
		fd = w->fd_new;
		w->fd_new = -1;
	}
	return fd;
}

static void report(struct wire *w, size_t start, size_t n)
{
	json_t *line = parse(w->buf.data + start, n);

	if (!line) {
		end(w, "garbage: not one JSON object a line");
		return;
	}
	w->fn(w->arg, line, take_fd(w, start), NULL);
	json_decref(line);
}

static void report_lines(struct wire *w)
{
	size_t start = 0;
	char *newline;

	while (!w->ended && (newline = memchr(w->buf.data + w->scanned, '\n', w->buf.len - w->scanned))) {
		size_t n = (size_t)(newline - w->buf.data) - start;

		w->scanned = start + n + 1;
		if (n > WIRE_MOST)
			end(w, "line too long");
		else
			report(w, start, n);
		start = w->scanned;
	}
	if (w->ended)
		return;
	buf_drop(&w->buf, start);
	w->scanned = w->buf.len;
	if (w->fd_new >= 0) {
		w->fd_first = w->fd_new; /* its line is the one that is not complete */
		w->fd_new = -1;
	}
	if (w->buf.len > WIRE_MOST)
		end(w, "line too long");
}

/* Where in buf the line begins that a descriptor came with, given that its last n bytes came in one
 * recvmsg(): Linux ends that at the bytes the descriptor was sent with, the BSDs begin it there.
 * False if no line begins among them. */
static bool line_of_fd(const struct wire *w, size_t n, size_t *at)
{
	size_t from = w->buf.len - n;
#ifdef __linux__
	const char *newline;

	if (n < 2 || !(newline = memrchr(w->buf.data + from, '\n', n - 1))) {
		*at = from;
		return n && (!from || w->buf.data[from - 1] == '\n');
	}
	*at = (size_t)(newline - w->buf.data) + 1;
	return true;
#else
	*at = from;
	return n && (!from || w->buf.data[from - 1] == '\n');
#endif
}

/* Takes the first descriptor of a message, closes others; false if there were others. */
static bool fetch_fd(struct msghdr *m, int *fd)
{
	bool good = !(m->msg_flags & MSG_CTRUNC);

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int got;

			memcpy(&got, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (*fd < 0) {
				*fd = got;
			} else {
				close(got);
				good = false;
			}
		}
	}
	return good;
}

static ssize_t receive(int in, char *chunk, size_t room, int *fd, bool *good)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec v = {chunk, room};
	struct msghdr m = {.msg_iov = &v,
	                   .msg_iovlen = 1,
	                   .msg_control = control.bytes,
	                   .msg_controllen = sizeof(control.bytes)};
	ssize_t n = recvmsg(in, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	*good = true;
	if (n < 0 && errno == ENOTSOCK)
		return read(in, chunk, room);
	if (n >= 0)
		*good = fetch_fd(&m, fd);
	return n;
}

/* False when nothing was there to be read. */
static bool read_some(struct wire *w)
{
	char chunk[CHUNK];
	int fd = -1;
	bool good = true;
	ssize_t n = receive(w->in, chunk, sizeof(chunk), &fd, &good);

	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
		return false;
	if (n <= 0) {
		end(w, n < 0 && errno != ECONNRESET ? strerror(errno)
		       : w->buf.len                 ? "closed in the middle of a line"
		                                    : "closed");
		return true;
	}
	buf_add(&w->buf, chunk, (size_t)n);
	mem_wipe(chunk, (size_t)n);
	if (fd >= 0) {
		good = good && line_of_fd(w, (size_t)n, &w->fd_at);
		w->fd_new = fd;
	}
	if (good)
		report_lines(w);
	else
		end(w, "garbage: descriptors that belong to no line");
	return true;
}

static ssize_t transmit(int out, const struct output *o)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec v = {o->text + o->done, o->len - o->done};
	struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1};
	ssize_t n;

	if (o->fd >= 0) {
		m.msg_control = control.bytes;
		m.msg_controllen = CMSG_SPACE(sizeof(int));
		control.align.cmsg_len = CMSG_LEN(sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(&control.align), &o->fd, sizeof(int));
	}
	n = sendmsg(out, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0 && errno == ENOTSOCK)
		n = write(out, v.iov_base, v.iov_len);
	return n;
}

static void write_queue(struct wire *w)
{
	struct output *o;

	while ((o = w->queue)) {
		ssize_t n = transmit(w->out, o);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS))
			break;
		if (n < 0) {
			break_output(w, "closed");
			break;
		}
		close_fd(&o->fd);
		o->done += (size_t)n;
		if (o->done < o->len)
			continue;
		w->queue = o->next;
		if (!w->queue)
			w->queue_end = &w->queue;
		free(o->text);
		free(o);
	}
	update_watch(w);
}

/* Callbacks may call wire_free; the struct goes when they are back. */
static void leave(struct wire *w)
{
	w->busy = false;
	if (w->freed)
		free(w);
}

static void write_waiting(struct wire *w)
{
	write_queue(w);
	if (!w->queue && !w->why && w->idle)
		w->idle(w->idle_arg);
}

static void on_ready(void *arg, int ready)
{
	struct wire *w = arg;

	w->busy = true;
	if (ready & LOOP_WRITE && w->queue)
		write_waiting(w);
	if (ready & LOOP_READ && !w->ended)
		read_some(w);
	leave(w);
}

static void on_writable(void *arg, int ready)
{
	struct wire *w = arg;

	w->busy = true;
	write_waiting(w);
	leave(w);
}

static void on_ending(void *arg)
{
	struct wire *w = arg;

	w->busy = true;
	while (!w->ended && read_some(w))
		;
	end(w, w->why);
	leave(w);
}

static void ignore_sigpipe(int out)
{
	struct sigaction old;
	int type;
	socklen_t n = sizeof(type);

	if (!getsockopt(out, SOL_SOCKET, SO_TYPE, &type, &n) || sigaction(SIGPIPE, NULL, &old) < 0)
		return;
	if (!(old.sa_flags & SA_SIGINFO) && old.sa_handler == SIG_DFL)
		signal(SIGPIPE, SIG_IGN);
}

struct wire *wire_new(struct loop *l, int fd, int out, wire_fn *fn, void *arg)
{
	struct wire *w = xcalloc(1, sizeof(*w));

	w->loop = l;
	w->in = fd;
	w->out = out;
	w->fn = fn;
	w->arg = arg;
	w->fd_first = w->fd_new = -1;
	w->queue_end = &w->queue;
	buf_init(&w->buf, 0);
	ignore_sigpipe(out);
	w->ending = loop_timer_new(l, on_ending, w);
	w->watch_in = loop_fd_new(l, fd, on_ready, w);
	w->watch_out = out == fd ? w->watch_in : loop_fd_new(l, out, on_writable, w);
	update_watch(w);
	return w;
}

static char *dump(json_t *object, size_t *n)
{
	char *text = json_dumps(object, JSON_COMPACT), *line;

	json_decref(object);
	if (!text)
		log_fatal(70, "wire: an object that cannot be written");
	*n = strlen(text) + 1;
	line = xrealloc(NULL, *n + 1);
	memcpy(line, text, *n - 1);
	memcpy(line + *n - 1, "\n", 2);
	free(text);
	return line;
}

bool wire_send(struct wire *w, json_t *object, int passed_fd)
{
	struct output *o;
	bool first = !w->queue;
	size_t n;
	char *text = dump(object, &n);

	if (n > WIRE_MOST) {
		free(text);
		close_fd(&passed_fd);
		return false;
	}
	o = xcalloc(1, sizeof(*o));
	*o = (struct output){.text = text, .len = n, .fd = passed_fd};
	*w->queue_end = o;
	w->queue_end = &o->next;
	if (w->ended || w->why)
		drop_output(w);
	else if (first)
		write_queue(w);
	return true;
}

bool wire_idle(const struct wire *w)
{
	return !w->queue;
}

static bool wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

void wire_flush(struct wire *w)
{
	while (w->queue && wait_for(w->out, POLLOUT))
		write_queue(w);
}

void wire_on_idle(struct wire *w, void (*fn)(void *arg), void *arg)
{
	w->idle = fn;
	w->idle_arg = arg;
}

void wire_free(struct wire *w)
{
	if (!w)
		return;
	if (!w->ended)
		shut(w);
	if (w->busy)
		w->freed = true;
	else
		free(w);
}

/* 1 = a line was taken from rest, 0 = there is none yet, -1 = garbage. */
static int take_line(struct buf *rest, json_t **line, const char **why)
{
	char *newline = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
	size_t n = newline ? (size_t)(newline - rest->data) : rest->len;

	if (n > WIRE_MOST) {
		*why = "line too long";
		return -1;
	}
	if (!newline)
		return 0;
	*line = parse(rest->data, n);
	*why = "garbage: not one JSON object a line";
	buf_drop(rest, n + 1);
	return *line ? 1 : -1;
}

int wire_read(int fd, struct buf *rest, json_t **line, const char **why)
{
	char chunk[CHUNK];
	int got;
	ssize_t n;

	*line = NULL;
	*why = NULL;
	while (!(got = take_line(rest, line, why))) {
		n = read(fd, chunk, sizeof(chunk));
		if (n < 0 && (errno == EINTR || (errno == EAGAIN && wait_for(fd, POLLIN))))
			continue;
		if (n < 0 && errno != ECONNRESET) {
			*why = strerror(errno);
			return -1;
		}
		if (n <= 0) {
			*why = rest->len ? "closed in the middle of a line" : "closed";
			return rest->len ? -1 : 0;
		}
		if (!buf_add(rest, chunk, (size_t)n)) {
			*why = "line too long";
			return -1;
		}
		mem_wipe(chunk, (size_t)n);
	}
	return got;
}

bool wire_write(int fd, json_t *object)
{
	struct output o = {.fd = -1};
	bool good = true;

	ignore_sigpipe(fd);
	o.text = dump(object, &o.len);
	while (good && o.done < o.len) {
		ssize_t n = transmit(fd, &o);

		if (n >= 0)
			o.done += (size_t)n;
		else if (errno != EINTR && !(errno == EAGAIN && wait_for(fd, POLLOUT)))
			good = false;
	}
	free(o.text);
	return good;
}
