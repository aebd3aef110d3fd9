#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "engine/dns/ask.h"

#define DNS_PORT 53

const char *ask_result_text(enum ask_result r)
{
	switch (r) {
	case ASK_ANSWER:
		return "answered";
	case ASK_SILENT:
		return "timed out";
	case ASK_NO_ROUTE:
		return "no route";
	case ASK_CLOSED:
		return "connection refused";
	case ASK_GARBLED:
		return "only garbled answers";
	}
	return "unknown";
}

const char *ask_server_text(const struct sockaddr_storage *server, char text[static 64])
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)server;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)server;
	bool six = server->ss_family == AF_INET6;
	unsigned port = ntohs(six ? in6->sin6_port : in->sin_port);
	size_t n;

	if (inet_ntop(server->ss_family, six ? (const void *)&in6->sin6_addr : (const void *)&in->sin_addr,
	              text, 64) == NULL)
		snprintf(text, 64, "?");
	n = strlen(text);
	if (port != 0 && port != DNS_PORT)
		snprintf(text + n, 64 - n, "#%u", port);
	return text;
}
