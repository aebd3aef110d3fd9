#include "engine/zone/fixed.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

/* "ADDR", "ADDR#PORT", "ADDR4:PORT" or "[ADDR6]:PORT": cuts text there; the port's text, NULL if none. */
static char *port_cut(char *text, char **host)
{
	char *at = strchr(text, '#'), *bracket = strchr(text, ']');

	*host = text;
	if (at == NULL && *text == '[' && bracket != NULL && bracket[1] == ':') {
		*bracket = '\0';
		*host = text + 1;
		return bracket + 2;
	}
	if (at == NULL && strchr(text, ':') == strrchr(text, ':'))
		at = strchr(text, ':');
	if (at == NULL)
		return NULL;
	*at = '\0';
	return at + 1;
}

static bool address_parse(const char *text, struct sockaddr_storage *to)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)to;
	char *copy = xstrdup(text), *end = NULL, *host;
	const char *given = port_cut(copy, &host);
	unsigned long port = 0;
	bool good = true;

	*to = (struct sockaddr_storage){0};
	if (given != NULL) {
		port = strtoul(given, &end, 10);
		good = isdigit((unsigned char)*given) && *end == '\0' && port > 0 && port < 65536;
	}
	if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
	} else if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
	} else {
		good = false;
	}
	free(copy);
	return good;
}

static void zone_tidy(char *zone)
{
	size_t n = strlen(zone);

	for (char *p = zone; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (n > 0 && zone[n - 1] == '.')
		zone[n - 1] = '\0';
}

bool zone_fix(struct zone_cuts *c, const char *text, struct err *e)
{
	char *zone = xstrdup(text), *list = strchr(zone, '='), *rest = NULL;
	struct sockaddr_storage address;
	bool good = list != NULL && list[1] != '\0' && list[1] != ',';

	if (list != NULL)
		*list++ = '\0';
	zone_tidy(zone);
	for (char *p = good ? strtok_r(list, ", ", &rest) : NULL; good && p != NULL;
	     p = strtok_r(NULL, ", ", &rest)) {
		good = address_parse(p, &address);
		if (good)
			zone_cuts_fix(c, zone, &address);
	}
	if (!good)
		err_set(e,
		        "--servers '%s': expected ZONE=ADDRESS[#PORT],... such as "
		        "corp.example.com=192.0.2.53,2001:db8::53",
		        text);
	free(zone);
	return good;
}
