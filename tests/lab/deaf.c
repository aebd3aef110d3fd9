/* A name server that takes every question and never answers: deaf ADDRESS PORT, over UDP and TCP. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static int bound(int type, const char *address, int port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	int fd = socket(AF_INET, type, 0), one = 1;

	if (fd < 0 || inet_pton(AF_INET, address, &sin.sin_addr) != 1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin))) {
		perror(address);
		exit(1);
	}
	return fd;
}

int main(int argc, char **argv)
{
	char packet[512];
	int udp, tcp;

	if (argc != 3) {
		fprintf(stderr, "usage: deaf ADDRESS PORT\n");
		return 2;
	}
	udp = bound(SOCK_DGRAM, argv[1], atoi(argv[2]));
	tcp = bound(SOCK_STREAM, argv[1], atoi(argv[2]));
	if (listen(tcp, 64)) {
		perror("listen");
		return 1;
	}
	puts("listening");
	fflush(stdout);
	for (;;)
		if (recv(udp, packet, sizeof(packet), 0) < 0)
			return 1;
}
