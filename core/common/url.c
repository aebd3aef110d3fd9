#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "common/str.h"
#include "common/address.h"
#include "common/url.h"

#define SCHEME "https://"

struct parts {
	const char *host; /* IPv6 without brackets */
	size_t host_len;
	unsigned port;
	bool bracket;
};

static bool url_text_ok(const char *url)
{
	size_t n = 0;

	for (; url[n]; n++)
		if (n >= URL_MOST || url[n] <= ' ' || url[n] > '~' || strchr("\"<>\\^`{|}#", url[n]))
			return false;
	return n > 0;
}

static bool literal_ok(const struct parts *p)
{
	struct sockaddr_storage address;
	char text[ADDRESS_TEXT];

	if (p->host_len >= sizeof(text))
		return false;
	memcpy(text, p->host, p->host_len);
	text[p->host_len] = '\0';
	return address_parse(text, &address) && address.ss_family == AF_INET6;
}

static bool host_ok(const struct parts *p)
{
	size_t label = 0;

	if (p->bracket)
		return literal_ok(p);
	if (p->host_len == 0 || p->host_len > 253)
		return false;
	for (size_t i = 0; i < p->host_len; i++) {
		unsigned char c = (unsigned char)p->host[i];

		if (!isalnum(c) && !strchr("-._", c))
			return false;
		if (c == '.' && label == 0)
			return false;
		label = c == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
	}
	return true;
}

static bool port_parse(const char *text, size_t n, unsigned *port)
{
	*port = 0;
	if (n == 0 || n > 5)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		*port = *port * 10 + (unsigned)(text[i] - '0');
	}
	return *port >= 1 && *port <= 65535;
}

static bool url_split(const char *url, struct parts *p)
{
	const char *at, *end, *colon;

	if (!url || strncasecmp(url, SCHEME, strlen(SCHEME)) != 0 || !url_text_ok(url))
		return false;
	at = url + strlen(SCHEME);
	end = at + strcspn(at, "/?");
	p->port = 443;
	p->bracket = *at == '[';
	if (p->bracket) {
		const char *close = memchr(at, ']', (size_t)(end - at));

		if (!close)
			return false;
		p->host = at + 1;
		p->host_len = (size_t)(close - p->host);
		colon = close + 1;
	} else {
		colon = memchr(at, ':', (size_t)(end - at));
		if (!colon)
			colon = end;
		p->host = at;
		p->host_len = (size_t)(colon - at);
	}
	if (colon < end && (*colon != ':' || !port_parse(colon + 1, (size_t)(end - colon - 1), &p->port)))
		return false;
	return host_ok(p);
}

bool url_valid(const char *url)
{
	struct parts p;

	return url_split(url, &p);
}

char *url_host(const char *url, unsigned *port)
{
	struct parts p;
	char *host;

	if (!url_split(url, &p))
		return NULL;
	*port = p.port;
	host = xstrndup(p.host, p.host_len);
	for (char *c = host; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return host;
}

char *url_authority(const char *url)
{
	unsigned port;
	char *host = url_host(url, &port), *text;

	if (!host)
		return NULL;
	text = xasprintf(strchr(host, ':') ? "[%s]:%u" : "%s:%u", host, port);
	free(host);
	return text;
}

size_t url_path(const char *url, const char **path)
{
	size_t n;

	*path = url + strlen(SCHEME) + strcspn(url + strlen(SCHEME), "/?");
	n = strcspn(*path, "?");
	return n > 0 && (*path)[n - 1] == '/' ? n - 1 : n;
}

bool url_path_plain(const char *url)
{
	const char *path;
	size_t n = url_path(url, &path), i = 0, segment;

	while (i < n) {
		i++; /* the slash */
		segment = i;
		while (i < n && path[i] != '/')
			i++;
		if (i == segment || memchr(path + segment, ';', i - segment) ||
		    memchr(path + segment, '%', i - segment))
			return false;
		if (path[segment] == '.' && (i == segment + 1 || (i == segment + 2 && path[i - 1] == '.')))
			return false;
	}
	return true;
}

bool url_same_host(const char *a, const char *b)
{
	char *one = url_authority(a), *other = url_authority(b);
	bool same = one && other && strcmp(one, other) == 0;

	free(one);
	free(other);
	return same;
}
