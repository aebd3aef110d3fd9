/*
 * A TCP proxy that puts a server far away: delayproxy ADDRESS PORT TO-ADDRESS TO-PORT ROUND-TRIP-MS
 * Every chunk is passed on half a round trip after it came, in order, in both directions. Each chunk is one line
 * on stdout: milliseconds, connection, `>` (to the server) or `<`, bytes; from these round trips are counted.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { LINKS_MAX = 256, CHUNK = 16384 };

struct chunk {
	struct chunk *next;
	double due;
	size_t length, sent;
	char data[CHUNK];
};

/* One direction of one connection. */
struct lane {
	int from, to;
	char arrow;
	int ended; /* end of file was read */
	struct chunk *first, **last;
};

struct link {
	int used, number;
	struct lane lane[2];
};

static struct link links[LINKS_MAX];
static double half_ms;

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address_parse(const char *address, const char *port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1) {
		fprintf(stderr, "delayproxy: %s: not an IPv4 address\n", address);
		exit(2);
	}
	return sin;
}

static int listener_open(const struct sockaddr_in *sin)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)sin, sizeof(*sin)) || listen(fd, 128))
		die("listen");
	return fd;
}

static void lane_init(struct lane *l, int from, int to, char arrow)
{
	int one = 1;

	*l = (struct lane){.from = from, .to = to, .arrow = arrow};
	l->last = &l->first;
	setsockopt(from, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
}

static void link_open(int client, const struct sockaddr_in *to)
{
	static int number;
	int server = socket(AF_INET, SOCK_STREAM, 0), i;

	for (i = 0; i < LINKS_MAX && links[i].used; i++)
		;
	if (i == LINKS_MAX || server < 0 || connect(server, (const struct sockaddr *)to, sizeof(*to))) {
		close(client);
		close(server);
		return;
	}
	links[i].used = 1;
	links[i].number = ++number;
	lane_init(&links[i].lane[0], client, server, '>');
	lane_init(&links[i].lane[1], server, client, '<');
}

static void link_close(struct link *k)
{
	for (int i = 0; i < 2; i++)
		while (k->lane[i].first) {
			struct chunk *c = k->lane[i].first;

			k->lane[i].first = c->next;
			free(c);
		}
	close(k->lane[0].from);
	close(k->lane[1].from);
	k->used = 0;
}

static void lane_read(struct link *k, struct lane *l)
{
	struct chunk *c = calloc(1, sizeof(*c));
	ssize_t n;

	if (!c)
		die("calloc");
	n = read(l->from, c->data, sizeof(c->data));
	if (n < 0 && errno == EINTR)
		n = 0;
	l->ended = n <= 0;
	c->length = n > 0 ? (size_t)n : 0;
	c->due = now_ms() + half_ms;
	*l->last = c;
	l->last = &c->next;
	if (n > 0)
		printf("%.1f %d %c %zd\n", now_ms(), k->number, l->arrow, n);
}

/* Writes what is due. An empty chunk is the end of file. Returns 0, or -1 when the link is over. */
static int lane_write(struct lane *l)
{
	while (l->first && l->first->due <= now_ms()) {
		struct chunk *c = l->first;
		ssize_t n;

		if (!c->length) {
			shutdown(l->to, SHUT_WR);
		} else {
			n = send(l->to, c->data + c->sent, c->length - c->sent, MSG_NOSIGNAL);
			if (n < 0)
				return -1;
			c->sent += (size_t)n;
		}
		if (c->sent < c->length)
			continue;
		l->first = c->next;
		if (!l->first)
			l->last = &l->first;
		free(c);
	}
	return 0;
}

static int link_over(const struct link *k)
{
	return k->lane[0].ended && k->lane[1].ended && !k->lane[0].first && !k->lane[1].first;
}

/* The milliseconds until the next chunk is due, -1 if there is none. */
static int next_due(void)
{
	double least = -1, left;

	for (int i = 0; i < LINKS_MAX; i++)
		for (int j = 0; links[i].used && j < 2; j++) {
			if (!links[i].lane[j].first)
				continue;
			left = links[i].lane[j].first->due - now_ms();
			if (left < 0)
				left = 0;
			if (least < 0 || left < least)
				least = left;
		}
	return least < 0 ? -1 : (int)least + (least > (int)least);
}

static void turn(int listener, const struct sockaddr_in *to)
{
	struct pollfd fds[1 + 2 * LINKS_MAX];
	struct lane *lanes[1 + 2 * LINKS_MAX];
	struct link *owners[1 + 2 * LINKS_MAX];
	nfds_t n = 1;

	fds[0] = (struct pollfd){.fd = listener, .events = POLLIN};
	for (int i = 0; i < LINKS_MAX; i++)
		for (int j = 0; links[i].used && j < 2; j++) {
			if (links[i].lane[j].ended)
				continue;
			lanes[n] = &links[i].lane[j];
			owners[n] = &links[i];
			fds[n] = (struct pollfd){.fd = lanes[n]->from, .events = POLLIN};
			n++;
		}
	if (poll(fds, n, next_due()) < 0 && errno != EINTR)
		die("poll");
	for (nfds_t i = 1; i < n; i++)
		if (fds[i].revents)
			lane_read(owners[i], lanes[i]);
	for (int i = 0; i < LINKS_MAX; i++)
		if (links[i].used &&
		    (lane_write(&links[i].lane[0]) || lane_write(&links[i].lane[1]) || link_over(&links[i])))
			link_close(&links[i]);
	if (fds[0].revents)
		link_open(accept(listener, NULL, NULL), to);
}

int main(int argc, char **argv)
{
	struct sockaddr_in at, to;
	int listener;

	if (argc != 6) {
		fprintf(stderr, "usage: delayproxy ADDRESS PORT TO-ADDRESS TO-PORT ROUND-TRIP-MS\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	at = address_parse(argv[1], argv[2]);
	to = address_parse(argv[3], argv[4]);
	half_ms = atof(argv[5]) / 2;
	listener = listener_open(&at);
	puts("listening");
	for (;;)
		turn(listener, &to);
}
