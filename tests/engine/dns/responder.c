#include "responder.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"

#define QUESTION_MOST 512
#define HELD_MOST     2048
#define CONNECTIONS   16

struct connection {
	struct responder *responder;
	int fd;
	struct loop_fd *watch;
};

struct held {
	struct sockaddr_storage from;
	uint8_t question[QUESTION_MOST];
	size_t n;
};

struct responder {
	struct loop *loop;
	enum habit habit;
	int udp, tcp;
	struct loop_fd *udp_watch, *tcp_watch;
	struct sockaddr_storage address;
	struct connection connection[CONNECTIONS];
	size_t connections;
	unsigned udp_n, tcp_n;
	uint8_t last[QUESTION_MOST];
	struct held *held;
	size_t helds;
};

static size_t question_end(const uint8_t *q)
{
	size_t at = 12;

	while (q[at] != 0)
		at += q[at] + 1u;
	return at + 5;
}

static void name_lower(uint8_t *q)
{
	for (size_t at = 12; q[at] != 0; at += q[at] + 1u)
		for (size_t i = 1; i <= q[at]; i++)
			q[at + i] = (uint8_t)tolower(q[at + i]);
}

/* The question turned round, with one TXT record "hello". */
static size_t answer_make(const uint8_t *q, uint8_t *a)
{
	static const uint8_t rr[] = "\xc0\x0c\0\x10\0\1\0\0\0\x3c\0\6\5hello";
	size_t n = question_end(q);

	memcpy(a, q, n);
	a[2] = 0x84;
	a[3] = 0;
	memset(a + 6, 0, 6);
	a[7] = 1;
	memcpy(a + n, rr, sizeof(rr) - 1);
	return n + sizeof(rr) - 1;
}

static size_t error_make(const uint8_t *q, uint8_t *a, unsigned rcode, bool question)
{
	size_t n = question ? question_end(q) : 12;

	memcpy(a, q, n);
	a[2] = 0x80;
	a[3] = (uint8_t)rcode;
	memset(a + 4, 0, 8);
	a[5] = question;
	return n;
}

static void udp_send(struct responder *r, const uint8_t *a, size_t n, const struct sockaddr_storage *to)
{
	sendto(r->udp, a, n, 0, (const struct sockaddr *)to, sizeof(struct sockaddr_in));
}

static void wrong_send(struct responder *r, const uint8_t *q, const struct sockaddr_storage *to)
{
	uint8_t a[QUESTION_MOST + 64];
	size_t n = answer_make(q, a);

	a[0] ^= 0xff;
	udp_send(r, a, n, to);
	if (r->habit == HABIT_WRONG_ID)
		return;
	answer_make(q, a);
	a[13] ^= 1; /* another name */
	udp_send(r, a, n, to);
	udp_send(r, (const uint8_t *)"junk", 4, to);
	answer_make(q, a);
	udp_send(r, a, n - 3, to); /* cut off */
	answer_make(q, a);
	udp_send(r, a, n, to);
}

static void hold(struct responder *r, const uint8_t *q, size_t n, const struct sockaddr_storage *from)
{
	struct held *h;

	assert(r->helds < HELD_MOST);
	r->held = xgrow(r->held, r->helds, sizeof(*r->held));
	h = &r->held[r->helds++];
	h->from = *from;
	h->n = n;
	memcpy(h->question, q, n);
}

static void udp_answer(struct responder *r, uint8_t *q, size_t size, const struct sockaddr_storage *from)
{
	uint8_t a[QUESTION_MOST + 64];
	bool edns = q[11] != 0;
	size_t n = answer_make(q, a);

	switch (r->habit) {
	case HABIT_SILENT:
	case HABIT_SILENT_UDP:
		return;
	case HABIT_HOLD:
		hold(r, q, size, from);
		return;
	case HABIT_LOSE_FIRST:
		if (r->udp_n == 1)
			return;
		break;
	case HABIT_WRONG_FIRST:
	case HABIT_WRONG_ID:
		wrong_send(r, q, from);
		return;
	case HABIT_TRUNCATE:
	case HABIT_TRUNCATE_CUT:
	case HABIT_TRUNCATE_HALF:
		n = error_make(q, a, 0, true);
		a[2] |= 2;
		break;
	case HABIT_LOWER_CASE:
	case HABIT_OTHER_CASE:
		name_lower(a);
		break;
	case HABIT_NO_EDNS:
	case HABIT_NEVER_EDNS:
		if (edns || r->habit == HABIT_NEVER_EDNS)
			n = error_make(q, a, 1, r->habit == HABIT_NEVER_EDNS);
		break;
	case HABIT_NOTIMP_EDNS:
		if (edns)
			n = error_make(q, a, 4, true);
		break;
	default:
		break;
	}
	udp_send(r, a, n, from);
}

static void udp_ready(void *arg, int ready)
{
	struct responder *r = arg;

	for (;;) {
		struct sockaddr_storage from;
		socklen_t from_n = sizeof(from);
		ssize_t n = recvfrom(r->udp, r->last, sizeof(r->last), 0, (struct sockaddr *)&from, &from_n);

		if (n < 12)
			return;
		r->udp_n++;
		udp_answer(r, r->last, (size_t)n, &from);
	}
}

static void connection_close(struct connection *c)
{
	loop_fd_free(c->watch);
	if (c->fd >= 0)
		close(c->fd);
	c->watch = NULL;
	c->fd = -1;
}

static void connection_ready(void *arg, int ready)
{
	struct connection *c = arg;
	struct responder *r = c->responder;
	uint8_t q[QUESTION_MOST], a[2 + QUESTION_MOST + 64];
	ssize_t n = recv(c->fd, q, sizeof(q), 0);
	size_t size;

	if (n <= 14) {
		connection_close(c);
		return;
	}
	r->tcp_n++;
	if (r->habit == HABIT_SILENT)
		return;
	size = answer_make(q + 2, a + 2);
	a[0] = (uint8_t)(size >> 8);
	a[1] = (uint8_t)size;
	if (r->habit == HABIT_OTHER_CASE)
		a[2 + 14] ^= 0x20; /* the first letter of _acme */
	if (r->habit == HABIT_TRUNCATE_HALF)
		size -= 5;
	if (r->habit == HABIT_TRUNCATE_CUT)
		connection_close(c);
	else if (send(c->fd, a, 2 + size, MSG_NOSIGNAL) < 0)
		connection_close(c);
}

static void tcp_ready(void *arg, int ready)
{
	struct responder *r = arg;
	struct connection *c = &r->connection[r->connections];
	int fd = accept(r->tcp, NULL, NULL);

	if (fd < 0)
		return;
	assert(r->connections < CONNECTIONS);
	r->connections++;
	c->responder = r;
	c->fd = fd;
	c->watch = loop_fd_new(r->loop, fd, connection_ready, c);
	loop_fd_want(c->watch, LOOP_READ);
}

static bool sockets_bind(struct responder *r)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&r->address;
	socklen_t n = sizeof(*in);
	int room = 4 << 20;

	memset(&r->address, 0, sizeof(r->address));
	in->sin_family = AF_INET;
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	r->udp = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	r->tcp = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	setsockopt(r->udp, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(r->udp, (struct sockaddr *)in, n) == 0 &&
	    getsockname(r->udp, (struct sockaddr *)in, &n) == 0 &&
	    bind(r->tcp, (struct sockaddr *)in, n) == 0 && listen(r->tcp, 64) == 0)
		return true;
	close(r->udp);
	close(r->tcp);
	return false;
}

struct responder *responder_new(struct loop *l, enum habit habit)
{
	struct responder *r = xcalloc(1, sizeof(*r));

	r->loop = l;
	r->habit = habit;
	while (!sockets_bind(r))
		;
	r->udp_watch = loop_fd_new(l, r->udp, udp_ready, r);
	r->tcp_watch = loop_fd_new(l, r->tcp, tcp_ready, r);
	loop_fd_want(r->udp_watch, LOOP_READ);
	loop_fd_want(r->tcp_watch, LOOP_READ);
	return r;
}

void responder_close_tcp(struct responder *r)
{
	loop_fd_free(r->tcp_watch);
	if (r->tcp >= 0)
		close(r->tcp);
	r->tcp_watch = NULL;
	r->tcp = -1;
}

void responder_free(struct responder *r)
{
	responder_close_tcp(r);
	for (size_t i = 0; i < r->connections; i++)
		connection_close(&r->connection[i]);
	loop_fd_free(r->udp_watch);
	close(r->udp);
	free(r->held);
	free(r);
}

void responder_release(struct responder *r)
{
	r->habit = HABIT_NONE;
	for (size_t i = 0; i < r->helds; i++)
		udp_answer(r, r->held[i].question, r->held[i].n, &r->held[i].from);
	r->helds = 0;
}

const struct sockaddr_storage *responder_address(const struct responder *r)
{
	return &r->address;
}

unsigned responder_udp(const struct responder *r)
{
	return r->udp_n;
}

unsigned responder_tcp(const struct responder *r)
{
	return r->tcp_n;
}

const uint8_t *responder_last(const struct responder *r)
{
	return r->last;
}
