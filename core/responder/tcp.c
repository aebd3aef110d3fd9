#define _GNU_SOURCE
#include "config.h"

#include "responder/tcp.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <unistd.h>

#include "common/mem.h"
#include "responder/rate.h"

enum { QUESTION_MOST = 4096, OUT_MOST = 2 + ANSWER_MOST, ACCEPTS = 64, READS = 16, SHARE = 4 };

struct peer {
	TAILQ_ENTRY(peer) entry;
	struct tcp *tcp;
	int fd;
	uint64_t network;
	struct loop_fd *watch;
	struct loop_timer *idle;
	uint8_t in[2 + QUESTION_MOST];
	size_t in_len;
	uint8_t *out; /* one answer; no question is read before it has left */
	size_t out_len, out_done;
};

struct tcp {
	struct loop *loop;
	int fd;
	struct loop_fd *watch;
	const struct authority *who;
	unsigned most, peers, idle_ms;
	TAILQ_HEAD(, peer) peer; /* the last that asked stands last */
	uint8_t answer[ANSWER_MOST];
};

static void peer_free(struct peer *p)
{
	TAILQ_REMOVE(&p->tcp->peer, p, entry);
	p->tcp->peers--;
	loop_fd_free(p->watch);
	loop_timer_free(p->idle);
	close(p->fd);
	free(p->out);
	free(p);
}

static void peer_idle(void *arg)
{
	peer_free(arg);
}

static void peer_is_alive(struct peer *p)
{
	TAILQ_REMOVE(&p->tcp->peer, p, entry);
	TAILQ_INSERT_TAIL(&p->tcp->peer, p, entry);
	loop_timer_set(p->idle, p->tcp->idle_ms);
}

/* 1 = the answer has left, 0 = later, -1 = broken. */
static int peer_write(struct peer *p)
{
	while (p->out_done < p->out_len) {
		ssize_t n =
		    send(p->fd, p->out + p->out_done, p->out_len - p->out_done, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
			loop_fd_want(p->watch, LOOP_WRITE);
			return 0;
		}
		if (n < 0)
			return -1;
		p->out_done += (size_t)n;
	}
	free(p->out);
	p->out = NULL;
	p->out_len = p->out_done = 0;
	loop_fd_want(p->watch, LOOP_READ);
	return 1;
}

/* Takes the first question of the input when it is whole: 1, 0 = it is not, -1 = it is none. */
static int peer_question(struct peer *p)
{
	size_t length = p->in_len < 2 ? 0 : (size_t)p->in[0] << 8 | p->in[1], n;

	if (p->in_len < 2 || (length <= QUESTION_MOST && p->in_len < 2 + length))
		return 0;
	if (length > QUESTION_MOST)
		return -1;
	n = answer_make(p->tcp->who, p->in + 2, length, ANSWER_TCP, p->tcp->answer);
	if (!n)
		return -1;
	p->in_len -= 2 + length;
	memmove(p->in, p->in + 2 + length, p->in_len);
	p->out = xcalloc(1, n + 2);
	p->out[0] = (uint8_t)(n >> 8);
	p->out[1] = (uint8_t)n;
	memcpy(p->out + 2, p->tcp->answer, n);
	p->out_len = n + 2;
	return 1;
}

/* Answers what is there, one by one; false when the connection has ended. */
static bool peer_serve(struct peer *p)
{
	int got = 1, left = 1;

	while (left > 0 && (got = peer_question(p)) > 0) {
		peer_is_alive(p);
		left = peer_write(p);
	}
	return got >= 0 && left >= 0;
}

static bool peer_read(struct peer *p)
{
	for (int i = 0; i < READS && !p->out; i++) {
		ssize_t n = recv(p->fd, p->in + p->in_len, sizeof(p->in) - p->in_len, MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return true;
		if (n <= 0)
			return false;
		p->in_len += (size_t)n;
		if (!peer_serve(p))
			return false;
	}
	return true;
}

static void peer_ready(void *arg, int ready)
{
	struct peer *p = arg;
	bool good = true;

	(void)ready;
	if (p->out) {
		int left = peer_write(p);
		good = left == 0 || (left > 0 && peer_serve(p));
	}
	if (good && !p->out)
		good = peer_read(p);
	if (!good)
		peer_free(p);
}

/* Makes room for one of that network. */
static void room_make(struct tcp *t, uint64_t network)
{
	struct peer *oldest = NULL, *p;
	unsigned same = 0, share = t->most / SHARE > 0 ? t->most / SHARE : 1;

	TAILQ_FOREACH(p, &t->peer, entry)
	if (p->network == network && !same++)
		oldest = p;
	if (same >= share)
		peer_free(oldest);
	else if (t->peers >= t->most)
		peer_free(TAILQ_FIRST(&t->peer));
}

static void peer_new(struct tcp *t, int fd, const struct sockaddr_storage *asker)
{
	struct peer *p;
	int on = 1;

	room_make(t, rate_network(asker));
	p = xcalloc(1, sizeof(*p));
	p->tcp = t;
	p->fd = fd;
	p->network = rate_network(asker);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	p->watch = loop_fd_new(t->loop, fd, peer_ready, p);
	p->idle = loop_timer_new(t->loop, peer_idle, p);
	TAILQ_INSERT_TAIL(&t->peer, p, entry);
	t->peers++;
	loop_timer_set(p->idle, t->idle_ms);
	loop_fd_want(p->watch, LOOP_READ);
}

static void tcp_ready(void *arg, int ready)
{
	struct tcp *t = arg;

	(void)ready;
	for (int i = 0; i < ACCEPTS; i++) {
		struct sockaddr_storage asker = {0};
		socklen_t n = sizeof(asker);
		int fd = accept4(t->fd, (struct sockaddr *)&asker, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0)
			peer_new(t, fd, &asker);
		else if ((errno == EMFILE || errno == ENFILE) && !TAILQ_EMPTY(&t->peer))
			peer_free(TAILQ_FIRST(&t->peer));
		else if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

struct tcp *tcp_new(struct loop *l, int fd, const struct authority *who, unsigned most, unsigned idle_ms)
{
	struct tcp *t = xcalloc(1, sizeof(*t));

	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	t->loop = l;
	t->fd = fd;
	t->who = who;
	t->most = most;
	t->idle_ms = idle_ms;
	TAILQ_INIT(&t->peer);
	t->watch = loop_fd_new(l, fd, tcp_ready, t);
	loop_fd_want(t->watch, LOOP_READ);
	return t;
}

void tcp_free(struct tcp *t)
{
	struct peer *p;

	if (!t)
		return;
	while ((p = TAILQ_FIRST(&t->peer)))
		peer_free(p);
	loop_fd_free(t->watch);
	close(t->fd);
	free(t);
}
