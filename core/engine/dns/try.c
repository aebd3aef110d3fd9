#include "engine/dns/try.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "common/mem.h"

#define QUESTION_MOST 300
#define NAME_MOST     1024
#define UDP_MOST      4096
#define TCP_MOST      65535
#define READS_A_TURN  16

struct ask_try {
	int fd;
	struct loop_fd *watch;
	bool tcp, edns;
	ask_try_fn *fn;
	void *arg;
	uint16_t id;
	unsigned qtype;
	char name[NAME_MOST]; /* in the case it was sent */
	uint8_t out[2 + QUESTION_MOST];
	size_t out_len, out_done;
	uint8_t *in; /* TCP: two octets of length, then the message */
	size_t in_len;
};

static enum ask_try_news errno_news(int error, bool at_once)
{
	switch (error) {
	case ENETUNREACH:
	case EAFNOSUPPORT:
	case EADDRNOTAVAIL:
	case EPROTONOSUPPORT:
		return TRY_NO_ROUTE;
	case EHOSTUNREACH:
	case EACCES:
	case EPERM:
		return at_once ? TRY_NO_ROUTE : TRY_SILENT;
	case ECONNREFUSED:
	case ECONNRESET:
	case EPIPE:
		return TRY_CLOSED;
	}
	return TRY_SILENT;
}

static bool question_make(struct ask_try *t, const struct ask_try_spec *spec)
{
	uint8_t random[2 + 32] = {0};
	size_t n = strlen(spec->qname), bit = 0;

	if (n >= sizeof(t->name) || getentropy(random, sizeof(random)) < 0)
		return false;
	t->id = (uint16_t)(random[0] << 8 | random[1]);
	memcpy(t->name, spec->qname, n + 1);
	for (char *c = t->name; *c != '\0' && !spec->plain_case; c++) {
		if (*c < 'a' || *c > 'z')
			continue;
		if (random[2 + bit / 8 % 32] >> bit % 8 & 1)
			*c = (char)(*c - 'a' + 'A');
		bit++;
	}
	t->out_len = dns_question(t->out + 2, QUESTION_MOST, t->id, t->name, t->qtype, t->edns, spec->rd);
	t->out[0] = (uint8_t)(t->out_len >> 8);
	t->out[1] = (uint8_t)t->out_len;
	t->out_len += 2;
	return t->out_len > 2;
}

/* Is this the answer to our question? An error about the whole packet may come without question. */
static enum ask_try_news packet_judge(const struct ask_try *t, const struct dns_message *m)
{
	if (m == NULL || m->id != t->id || !m->qr)
		return TRY_GARBLED;
	if (m->qname == NULL)
		return m->rcode == DNS_FORMERR || m->rcode == DNS_NOTIMP ? TRY_ANSWER : TRY_GARBLED;
	if (m->qtype != t->qtype || strcasecmp(m->qname_case, t->name) != 0)
		return TRY_GARBLED;
	return strcmp(m->qname_case, t->name) == 0 ? TRY_ANSWER : TRY_WRONG_CASE;
}

/* True when the try has ended and may be gone. */
static bool udp_read(struct ask_try *t)
{
	uint8_t packet[UDP_MOST];

	for (int i = 0; i < READS_A_TURN; i++) {
		ssize_t n = recv(t->fd, packet, sizeof(packet), 0);
		struct dns_message *m;
		enum ask_try_news news;

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return false;
		if (n < 0) {
			t->fn(t->arg, t, errno_news(errno, false), NULL);
			return true;
		}
		m = dns_parse(packet, (size_t)n);
		news = packet_judge(t, m);
		if (news != TRY_ANSWER) {
			dns_free(m);
			m = NULL;
		}
		t->fn(t->arg, t, news, m);
		if (news == TRY_ANSWER)
			return true;
	}
	return false;
}

static void tcp_message(struct ask_try *t)
{
	struct dns_message *m = dns_parse(t->in + 2, t->in_len - 2);
	enum ask_try_news news = packet_judge(t, m);

	loop_fd_want(t->watch, 0);
	if (news == TRY_WRONG_CASE) /* the case guards UDP only */
		news = TRY_ANSWER;
	if (news != TRY_ANSWER) {
		dns_free(m);
		m = NULL;
	}
	t->fn(t->arg, t, news, m);
}

static bool tcp_read(struct ask_try *t)
{
	for (;;) {
		size_t length = t->in_len < 2 ? 0 : (size_t)t->in[0] << 8 | t->in[1];
		size_t want = t->in_len < 2 ? 2 : 2 + length;
		ssize_t n;

		if (t->in_len >= 2 && t->in_len == want) {
			tcp_message(t);
			return true;
		}
		n = recv(t->fd, t->in + t->in_len, want - t->in_len, 0);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return false;
		if (n <= 0) {
			t->fn(t->arg, t, n == 0 ? TRY_CLOSED : errno_news(errno, false), NULL);
			return true;
		}
		t->in_len += (size_t)n;
		if (t->in_len == 2) {
			length = (size_t)t->in[0] << 8 | t->in[1];
			t->in = xrealloc(t->in, 2 + length);
		}
	}
}

static bool tcp_write(struct ask_try *t)
{
	while (t->out_done < t->out_len) {
		ssize_t n = send(t->fd, t->out + t->out_done, t->out_len - t->out_done, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return false;
		if (n < 0) {
			t->fn(t->arg, t, errno_news(errno, false), NULL);
			return true;
		}
		t->out_done += (size_t)n;
	}
	loop_fd_want(t->watch, LOOP_READ);
	return false;
}

static void try_ready(void *arg, int ready)
{
	struct ask_try *t = arg;

	if (!t->tcp) {
		udp_read(t);
		return;
	}
	if (t->out_done < t->out_len && tcp_write(t))
		return;
	if ((ready & LOOP_READ) != 0 && t->out_done == t->out_len)
		tcp_read(t);
}

static bool socket_open(struct ask_try *t, const struct sockaddr_storage *server, int *error)
{
	socklen_t n =
	    server->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	int kind = t->tcp ? SOCK_STREAM : SOCK_DGRAM;

	t->fd = socket(server->ss_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (t->fd < 0 || (connect(t->fd, (const struct sockaddr *)server, n) < 0 && errno != EINPROGRESS) ||
	    (!t->tcp && send(t->fd, t->out + 2, t->out_len - 2, MSG_NOSIGNAL) < 0)) {
		*error = errno;
		return false;
	}
	return true;
}

struct ask_try *ask_try_new(struct loop *l, const struct ask_try_spec *spec, ask_try_fn *fn, void *arg,
                            enum ask_try_news *why)
{
	struct ask_try *t = xcalloc(1, sizeof(*t));
	int error = 0;

	t->fd = -1;
	t->tcp = spec->tcp;
	t->edns = spec->edns;
	t->qtype = spec->qtype;
	t->fn = fn;
	t->arg = arg;
	*why = TRY_GARBLED;
	if (!question_make(t, spec)) {
		ask_try_free(t);
		return NULL;
	}
	if (!socket_open(t, spec->server, &error)) {
		*why = errno_news(error, true);
		ask_try_free(t);
		return NULL;
	}
	t->watch = loop_fd_new(l, t->fd, try_ready, t);
	if (t->tcp)
		t->in = xcalloc(1, 2);
	loop_fd_want(t->watch, t->tcp ? LOOP_WRITE : LOOP_READ);
	return t;
}

void ask_try_free(struct ask_try *t)
{
	if (t == NULL)
		return;
	loop_fd_free(t->watch);
	if (t->fd >= 0)
		close(t->fd);
	free(t->in);
	free(t);
}

bool ask_try_is_tcp(const struct ask_try *t)
{
	return t->tcp;
}

bool ask_try_has_edns(const struct ask_try *t)
{
	return t->edns;
}
