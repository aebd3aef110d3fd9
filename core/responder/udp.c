#define _GNU_SOURCE
#include "config.h"

#include "responder/udp.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"

enum { QUESTION_MOST = 4096, BATCH = 32, BATCHES = 8, BUFFER = 4 << 20 };

/* A message, who sent it, and to which of our addresses; then its answer. */
struct parcel {
	struct sockaddr_storage asker;
	uint8_t octet[QUESTION_MOST];
	_Alignas(struct cmsghdr) uint8_t control[256];
	struct iovec part;
};

struct udp {
	struct loop *loop;
	int fd;
	struct loop_fd *watch;
	const struct authority *who;
	struct rate *rate;
	struct mmsghdr in[BATCH], out[BATCH]; /* out: those of in that get an answer */
	struct parcel parcel[BATCH];
	uint8_t answer[ANSWER_MOST];
};

static void parcel_init(struct parcel *p, struct mmsghdr *m)
{
	p->part = (struct iovec){p->octet, sizeof(p->octet)};
	m->msg_hdr = (struct msghdr){.msg_name = &p->asker,
	                             .msg_namelen = sizeof(p->asker),
	                             .msg_iov = &p->part,
	                             .msg_iovlen = 1,
	                             .msg_control = p->control,
	                             .msg_controllen = sizeof(p->control)};
}

static bool port_is_real(const struct sockaddr_storage *asker)
{
	if (asker->ss_family == AF_INET)
		return ((const struct sockaddr_in *)asker)->sin_port != 0;
	return asker->ss_family == AF_INET6 && ((const struct sockaddr_in6 *)asker)->sin6_port != 0;
}

/* Turns what recvmsg() says about the destination into what sendmsg() wants as the source. */
static void source_keep(struct msghdr *head)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(head);

	for (; c; c = CMSG_NXTHDR(head, c)) {
#ifdef IP_PKTINFO
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			info.ipi_ifindex = 0;
			info.ipi_spec_dst = info.ipi_addr;
			memcpy(CMSG_DATA(c), &info, sizeof(info));
			break;
		}
#elif defined(IP_RECVDSTADDR)
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVDSTADDR) {
			c->cmsg_type = IP_SENDSRCADDR;
			break;
		}
#endif
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info6;
			memcpy(&info6, CMSG_DATA(c), sizeof(info6));
			if (!IN6_IS_ADDR_LINKLOCAL(&info6.ipi6_addr))
				info6.ipi6_ifindex = 0;
			memcpy(CMSG_DATA(c), &info6, sizeof(info6));
			break;
		}
	}
	if (!c) {
		head->msg_control = NULL;
		head->msg_controllen = 0;
		return;
	}
	if ((uint8_t *)c != (uint8_t *)head->msg_control)
		memmove(head->msg_control, c, c->cmsg_len);
	head->msg_controllen = CMSG_SPACE(c->cmsg_len - CMSG_LEN(0));
}

/* True when the answer stands in the parcel and m says where it goes. */
static bool parcel_answer(struct udp *u, struct parcel *p, struct mmsghdr *m)
{
	enum rate_way way;
	size_t n;

	if ((m->msg_hdr.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || !port_is_real(&p->asker))
		return false;
	way = rate_take(u->rate, &p->asker, loop_now(u->loop));
	if (way == RATE_DROP)
		return false;
	n = answer_make(u->who, p->octet, m->msg_len, way == RATE_ANSWER ? ANSWER_UDP : ANSWER_LIMITED,
	                u->answer);
	if (!n)
		return false;
	memcpy(p->octet, u->answer, n);
	p->part.iov_len = n;
	source_keep(&m->msg_hdr);
	m->msg_hdr.msg_flags = 0;
	return true;
}

/* What cannot be sent is lost like any packet. */
static void batch_send(struct udp *u, unsigned n)
{
	unsigned at = 0;

	while (at < n) {
		int sent = sendmmsg(u->fd, u->out + at, n - at, MSG_DONTWAIT | MSG_NOSIGNAL);
		at += sent > 0 ? (unsigned)sent : 1;
	}
}

static void udp_ready(void *arg, int ready)
{
	struct udp *u = arg;
	int n = BATCH;

	(void)ready;
	for (int i = 0; i < BATCHES && n == BATCH; i++) {
		unsigned out = 0;
		for (int k = 0; k < BATCH; k++)
			parcel_init(&u->parcel[k], &u->in[k]);
		n = recvmmsg(u->fd, u->in, BATCH, MSG_DONTWAIT, NULL);
		for (int k = 0; k < n; k++)
			if (parcel_answer(u, &u->parcel[k], &u->in[k]))
				u->out[out++] = u->in[k];
		batch_send(u, out);
	}
}

static void socket_prepare(int fd)
{
	int on = 1, buffer = BUFFER;

#ifdef IP_PKTINFO
	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
#elif defined(IP_RECVDSTADDR)
	setsockopt(fd, IPPROTO_IP, IP_RECVDSTADDR, &on, sizeof(on));
#endif
	setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
#ifdef IP_PMTUDISC_OMIT
	int discover = IP_PMTUDISC_OMIT; /* forged "fragmentation needed" is not believed */
	setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &discover, sizeof(discover));
#endif
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
#ifdef SO_RCVBUFFORCE
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
#endif
}

struct udp *udp_new(struct loop *l, int fd, const struct authority *who, struct rate *rate)
{
	struct udp *u = xcalloc(1, sizeof(*u));

	socket_prepare(fd);
	u->loop = l;
	u->fd = fd;
	u->who = who;
	u->rate = rate;
	u->watch = loop_fd_new(l, fd, udp_ready, u);
	loop_fd_want(u->watch, LOOP_READ);
	return u;
}

void udp_free(struct udp *u)
{
	if (!u)
		return;
	loop_fd_free(u->watch);
	close(u->fd);
	free(u);
}
