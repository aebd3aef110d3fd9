#include "transport.h"
#include "shared/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { HOST_MOST = 256, ADDRESSES_MOST = 16, CONNECT_LEAST_MS = 1000 };

struct transport {
	struct addrinfo *addresses;
	struct sockaddr_storage source; /* that connections come from, if ss_family says so */
	const struct addrinfo *works;   /* the one that answered last, or NULL */
	unsigned port;
	char name[INET6_ADDRSTRLEN + 16];
	int fd; /* -1 = not connected */
	uint8_t reply[TRANSPORT_MESSAGE_MOST];
};

enum progress { DONE, CLOSED, FAILED };

/* What one exchange is about. */
struct exchange {
	const struct transport_message *messages;
	size_t n;
	bool (*take)(void *arg, const uint8_t *reply, size_t length);
	void *arg;
	int64_t deadline;
	size_t replies;
	char *why;
	size_t room;
};

static bool port_read(const char *text, unsigned *port)
{
	char *end;
	long v = strtol(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || v < 1 || v > 65535)
		return false;
	*port = (unsigned)v;
	return true;
}

/* Splits "host", "host#port", "host:port", "[host]:port", "[host]" into `host` and `port`. */
static bool server_split(const char *server, char *host, unsigned *port)
{
	const char *close = server[0] == '[' ? strchr(server, ']') : NULL;
	const char *end = close ? close + 1 : server + strcspn(server, "#");
	const char *colon = strchr(server, ':');

	if (server[0] == '[' && !close)
		return false;
	if (!close && colon && colon < end && !memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		end = colon;
	if (*end != '\0' && ((*end != '#' && *end != ':') || !port_read(end + 1, port)))
		return false;
	const char *from = close ? server + 1 : server;
	size_t n = (size_t)((close ? close : end) - from);
	if (n == 0 || n >= HOST_MOST)
		return false;
	memcpy(host, from, n);
	host[n] = '\0';
	return true;
}

static void name_set(struct transport *t, const struct addrinfo *a)
{
	char host[INET6_ADDRSTRLEN] = "?";

	getnameinfo(a->ai_addr, a->ai_addrlen, host, sizeof(host), NULL, 0, NI_NUMERICHOST);
	snprintf(t->name, sizeof(t->name), "%s port %u", host, t->port);
}

static const char *const family_words[] = {"any", "ipv4", "ipv6"};
static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6};
enum { FAMILIES = sizeof(families) / sizeof(families[0]) };

static bool family_read(const char *word, int *family)
{
	for (int i = 0; i < FAMILIES; i++)
		if (!word || strcmp(word, family_words[i]) == 0) {
			*family = families[i];
			return true;
		}
	return false;
}

static bool source_read(const char *text, struct sockaddr_storage *source)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)source;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)source;

	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
		v4->sin_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
		v6->sin6_family = AF_INET6;
	return source->ss_family != AF_UNSPEC;
}

/* *family: of the addresses to connect to. */
static bool ways_read(const struct transport_ways *w, struct sockaddr_storage *source, int *family, char *why,
                      size_t room)
{
	memset(source, 0, sizeof(*source));
	if (!family_read(w->family, family))
		snprintf(why, room, "address_family: '%.80s' is none of any, ipv4 and ipv6", w->family);
	else if (w->source && !source_read(w->source, source))
		snprintf(why, room, "source_address: '%.80s' is no IP address", w->source);
	else if (w->source && *family != AF_UNSPEC && source->ss_family != *family)
		snprintf(why, room, "source_address: %s is of another family than address_family says",
		         w->source);
	else
		return w->source ? (*family = source->ss_family, true) : true;
	return false;
}

struct transport *transport_new(const char *server, unsigned port, const struct transport_ways *ways,
                                bool *again, char *why, size_t room)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct sockaddr_storage source;
	struct addrinfo *addresses;
	char host[HOST_MOST], service[8];

	*again = false;
	if (!server_split(server, host, &port)) {
		snprintf(why, room,
		         "server: '%s' is not an address or name with a port; write ADDRESS, "
		         "ADDRESS#PORT, NAME:PORT or [IPV6]:PORT",
		         server);
		return NULL;
	}
	if (!ways_read(ways, &source, &hints.ai_family, why, room))
		return NULL;
	snprintf(service, sizeof(service), "%u", port);
	int rc = getaddrinfo(host, service, &hints, &addresses);
	if (rc != 0) {
		*again = true;
		snprintf(why, room, "server: the name '%s' has no address: %s", host, gai_strerror(rc));
		return NULL;
	}
	struct transport *t = calloc(1, sizeof(*t));
	if (!t)
		abort();
	t->addresses = addresses;
	t->source = source;
	t->port = port;
	t->fd = -1;
	name_set(t, addresses);
	return t;
}

void transport_free(struct transport *t)
{
	if (!t)
		return;
	transport_close(t);
	freeaddrinfo(t->addresses);
	free(t);
}

const char *transport_name(const struct transport *t)
{
	return t->name;
}

void transport_close(struct transport *t)
{
	if (t->fd >= 0)
		close(t->fd);
	t->fd = -1;
}

/* Waits for the events until the deadline. Returns 0, or an errno value. */
static int await(int fd, short events, int64_t deadline)
{
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = deadline - module_ms();
		if (left <= 0)
			return ETIMEDOUT;
		int rc = poll(&p, 1, left > 3600000 ? 3600000 : (int)left);
		if (rc > 0)
			return 0;
		if (rc < 0 && errno != EINTR)
			return errno;
	}
}

static bool source_bind(const struct transport *t, int fd)
{
	socklen_t n =
	    t->source.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

	return t->source.ss_family == AF_UNSPEC || bind(fd, (const struct sockaddr *)&t->source, n) == 0;
}

/* Returns 0, or an errno value. */
static int address_connect(struct transport *t, const struct addrinfo *a, int64_t deadline)
{
	int on = 1, error = 0;
	socklen_t n = sizeof(error);
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return errno;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!source_bind(t, fd)) {
		error = errno;
	} else if (connect(fd, a->ai_addr, a->ai_addrlen) != 0) {
		error = errno == EINPROGRESS ? await(fd, POLLOUT, deadline) : errno;
		if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
			error = errno;
	}
	if (error != 0) {
		close(fd);
		return error;
	}
	t->fd = fd;
	t->works = a;
	return 0;
}

/* When to give up an address, so that `others` still have their share of the time. */
static int64_t address_deadline(int64_t deadline, unsigned others)
{
	int64_t now = module_ms();
	int64_t share = (deadline - now) / (others + 1);

	if (share < CONNECT_LEAST_MS)
		share = CONNECT_LEAST_MS;
	return others == 0 || now + share > deadline ? deadline : now + share;
}

static bool server_connect(struct transport *t, struct exchange *x)
{
	int error = 0;
	unsigned others = 0;

	if (t->works && address_connect(t, t->works, address_deadline(x->deadline, 1)) == 0)
		return true;
	for (const struct addrinfo *a = t->addresses; a && others < ADDRESSES_MOST; a = a->ai_next)
		others++;
	for (const struct addrinfo *a = t->addresses; a && others > 0; a = a->ai_next) {
		name_set(t, a);
		error = address_connect(t, a, address_deadline(x->deadline, --others));
		if (error == 0)
			return true;
	}
	snprintf(x->why, x->room, "cannot connect to %s by TCP: %s", t->name,
	         error == ETIMEDOUT       ? "no answer in time"
	         : error == EADDRNOTAVAIL ? "source_address is no address of this host"
	                                  : strerror(error));
	return false;
}

/* Whether a kept connection is still good: open, and silent. */
static bool still_open(const struct transport *t)
{
	struct pollfd p = {.fd = t->fd, .events = POLLIN};

	return t->fd >= 0 && poll(&p, 1, 0) == 0;
}

static enum progress trouble(struct transport *t, struct exchange *x, int error, const char *doing)
{
	if (error == ECONNRESET || error == EPIPE || error == 0) {
		snprintf(x->why, x->room, "%s closed the connection while we were %s", t->name, doing);
		return CLOSED;
	}
	snprintf(x->why, x->room, "%s: %s while we were %s", t->name,
	         error == ETIMEDOUT ? "no answer in time" : strerror(error), doing);
	return FAILED;
}

static enum progress octets_send(struct transport *t, struct exchange *x, struct msghdr *m)
{
	while (m->msg_iovlen > 0) {
		ssize_t n = sendmsg(t->fd, m, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN) {
			int error = await(t->fd, POLLOUT, x->deadline);
			if (error != 0)
				return trouble(t, x, error, "sending");
			continue;
		}
		if (n < 0 && errno != EINTR)
			return trouble(t, x, errno, "sending");
		for (; n > 0 && m->msg_iovlen > 0 && (size_t)n >= m->msg_iov->iov_len; m->msg_iov++) {
			n -= (ssize_t)m->msg_iov->iov_len;
			m->msg_iovlen--;
		}
		if (n > 0) {
			m->msg_iov->iov_base = (char *)m->msg_iov->iov_base + n;
			m->msg_iov->iov_len -= (size_t)n;
		}
	}
	return DONE;
}

static enum progress message_send(struct transport *t, struct exchange *x,
                                  const struct transport_message *message)
{
	uint8_t prefix[2] = {(uint8_t)(message->length >> 8), (uint8_t)message->length};
	struct iovec parts[2] = {
	    {prefix, sizeof(prefix)},
	    {(void *)message->octets, message->length},
	};
	struct msghdr m = {.msg_iov = parts, .msg_iovlen = 2};

	return octets_send(t, x, &m);
}

/* Servers that leave Nagle's algorithm on hold the second of two replies back until the first is
 * acknowledged, which the kernel would delay by 40 ms. */
static void acknowledge_at_once(int fd)
{
#ifdef TCP_QUICKACK
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
#else
	(void)fd;
#endif
}

static enum progress octets_receive(struct transport *t, struct exchange *x, uint8_t *to, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(t->fd, to, n, 0);
		if (got > 0) {
			to += got;
			n -= (size_t)got;
			continue;
		}
		if (got == 0)
			return trouble(t, x, 0, "waiting for the answer");
		int error = errno == EAGAIN ? await(t->fd, POLLIN, x->deadline) : errno;
		if (error != 0 && error != EINTR)
			return trouble(t, x, error, "waiting for the answer");
	}
	return DONE;
}

static enum progress reply_receive(struct transport *t, struct exchange *x)
{
	uint8_t prefix[2];
	enum progress p = octets_receive(t, x, prefix, sizeof(prefix));

	if (p != DONE)
		return p;
	size_t length = (size_t)(prefix[0] << 8 | prefix[1]);
	if (x->replies + 1 < x->n)
		acknowledge_at_once(t->fd);
	p = octets_receive(t, x, t->reply, length);
	if (p != DONE)
		return p;
	if (!x->take(x->arg, t->reply, length)) {
		snprintf(x->why, x->room, "%s sent something that does not answer the question", t->name);
		return FAILED;
	}
	x->replies++;
	return DONE;
}

static enum progress attempt(struct transport *t, struct exchange *x)
{
	for (size_t i = 0; i < x->n; i++) {
		enum progress p = message_send(t, x, &x->messages[i]);
		if (p != DONE)
			return p;
	}
	while (x->replies < x->n) {
		enum progress p = reply_receive(t, x);
		if (p != DONE)
			return p;
	}
	return DONE;
}

bool transport_exchange(struct transport *t, const struct transport_message *messages, size_t n,
                        bool (*take)(void *arg, const uint8_t *reply, size_t length), void *arg,
                        int64_t deadline, char *why, size_t room)
{
	struct exchange x = {.messages = messages,
	                     .n = n,
	                     .take = take,
	                     .arg = arg,
	                     .deadline = deadline,
	                     .why = why,
	                     .room = room};
	bool kept = still_open(t);

	if (!kept) {
		transport_close(t);
		if (!server_connect(t, &x))
			return false;
	}
	enum progress p = attempt(t, &x);
	if (p == CLOSED && kept && x.replies == 0) {
		transport_close(t);
		if (!server_connect(t, &x))
			return false;
		p = attempt(t, &x);
	}
	if (p != DONE)
		transport_close(t);
	return p == DONE;
}
