/* Hostile packets to a DNS server: hostile ADDRESS SECONDS PACKETS-A-SECOND (0: as fast as they go). By UDP, and every 200th over a TCP
 * connection of its own that is left open or cut. Prints how many. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "responder/mutate.h"

enum { OPEN_MOST = 64 };

static const uint8_t question[] = "\xbe\xef\x01\0\0\1\0\0\0\0\0\1"
                                  "\1x\12standalone\4test\0\0\20\0\1"
                                  "\0\0\51\4\320\0\0\0\0\0";

static int connection(const struct sockaddr_in *to)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) == 0)
		return fd;
	return fd; /* under way: what is sent too early is lost, and so be it */
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(53)};
	static int open[OPEN_MOST];
	unsigned long udp = 0, tcp = 0;

	if (argc != 4 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1)
		return 2;
	double began = now(), seconds = atof(argv[2]), pace = atof(argv[3]);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (unsigned long sent = 0; now() < began + seconds; sent++) {
		if (pace > 0 && now() < began + (double)sent / pace) {
			usleep(1000);
			sent--;
			continue;
		}
		uint8_t packet[1502] = {0}, *message = packet + 2;
		size_t n = sizeof(question);
		memcpy(message, question, n);
		for (unsigned k = 1 + dice(4); k > 0 && n > 0; k--)
			n = mutate(message, n);
		udp += sendto(fd, message, n, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof(to)) >= 0;
		if (dice(200) > 0)
			continue;
		int *slot = &open[dice(OPEN_MOST)];
		if (*slot > 0)
			close(*slot);
		*slot = connection(&to);
		packet[0] = (uint8_t)(dice(8) ? 0 : dice(256));
		packet[1] = (uint8_t)(dice(8) ? n : dice(256));
		tcp += send(*slot, packet, n + 2, MSG_DONTWAIT | MSG_NOSIGNAL) > 0;
	}
	printf("%lu hostile packets by UDP, %lu by TCP\n", udp, tcp);
	return 0;
}
