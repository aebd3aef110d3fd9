#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/address.h"

bool address_parse(const char *text, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		return true;
	}
	return false;
}

bool address_family_read(const char *source, const char *word, enum address_family *family, struct err *e)
{
	static const char *const words[] = {
	    [ADDRESS_ANY] = "any", [ADDRESS_IPV4] = "ipv4", [ADDRESS_IPV6] = "ipv6"};
	struct sockaddr_storage literal;
	size_t n = 0;

	while (word && n < sizeof(words) / sizeof(words[0]) && strcmp(word, words[n]) != 0)
		n++;
	if (n == sizeof(words) / sizeof(words[0]))
		return err_set(e, "address_family: '%.80s', expected any, ipv4 or ipv6", word);
	*family = (enum address_family)n;
	if (!source)
		return true;
	if (!address_parse(source, &literal))
		return err_set(e, "source_address: '%.80s', expected an IP address, without port or brackets",
		               source);
	if (!address_is_of(source, *family))
		return err_set(e, "source_address: %s is no %s address, which address_family wants", source,
		               address_family_name(*family));
	*family = literal.ss_family == AF_INET ? ADDRESS_IPV4 : ADDRESS_IPV6;
	return true;
}

bool address_is_of(const char *literal, enum address_family family)
{
	return family == ADDRESS_ANY || (family == ADDRESS_IPV6) == (strchr(literal, ':') != NULL);
}

const char *address_family_name(enum address_family family)
{
	return family == ADDRESS_IPV6 ? "IPv6" : "IPv4";
}

bool address_text(const struct sockaddr_storage *address, char text[ADDRESS_TEXT])
{
	char plain[INET6_ADDRSTRLEN];
	const void *bytes;

	if (address->ss_family == AF_INET)
		bytes = &((const struct sockaddr_in *)address)->sin_addr;
	else if (address->ss_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
	else
		return false;
	inet_ntop(address->ss_family, bytes, plain, sizeof(plain));
	snprintf(text, ADDRESS_TEXT, address->ss_family == AF_INET6 ? "[%s]" : "%s", plain);
	return true;
}

static bool port_parse(const char *text, unsigned *port)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 5 || text[n])
		return false;
	*port = (unsigned)atoi(text);
	return *port >= 1 && *port <= 65535;
}

bool address_parse_port(const char *text, unsigned port, struct sockaddr_storage *address)
{
	char host[ADDRESS_TEXT];
	const char *end, *after, *start = text;

	if (*text == '[') {
		start = text + 1;
		end = strchr(start, ']');
		if (!end || (end[1] && end[1] != ':' && end[1] != '#'))
			return false;
		after = end + 1;
	} else {
		end = text + strcspn(text, "#");
		after = strchr(text, ':');
		if (after && after < end && !memchr(after + 1, ':', (size_t)(end - after - 1)))
			end = after;
		after = end;
	}
	if ((size_t)(end - start) >= sizeof(host) || (*after && !port_parse(after + 1, &port)))
		return false;
	memcpy(host, start, (size_t)(end - start));
	host[end - start] = '\0';
	if (!address_parse(host, address))
		return false;
	if (address->ss_family == AF_INET)
		((struct sockaddr_in *)address)->sin_port = htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)address)->sin6_port = htons((uint16_t)port);
	return *text != '[' || address->ss_family == AF_INET6;
}
