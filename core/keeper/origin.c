#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "keeper/origin.h"

#define URL_MOST 2048

static bool url_printable(const char *url)
{
	for (const char *p = url; *p; p++)
		if (*p <= ' ' || *p > '~' || *p == '"' || *p == '\\')
			return false;
	return strlen(url) <= URL_MOST;
}

static size_t host_length(const char *authority, size_t n)
{
	const char *end;

	if (n > 0 && authority[0] == '[') {
		end = memchr(authority, ']', n);
		return end ? (size_t)(end - authority) + 1 : 0;
	}
	end = memchr(authority, ':', n);
	return end ? (size_t)(end - authority) : n;
}

static long port_of(const char *text, size_t n)
{
	long port = 0;

	if (n == 0)
		return 443;
	if (text[0] != ':' || n < 2 || n > 6)
		return -1;
	for (size_t i = 1; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		port = port * 10 + (text[i] - '0');
	}
	return port >= 1 && port <= 65535 ? port : -1;
}

char *origin_of(const char *url, struct err *e)
{
	const char *authority = url + strlen("https://");
	size_t n, host;
	long port;
	char *text;

	if (!url_printable(url) || strncasecmp(url, "https://", 8) != 0) {
		err_set(e, "the URL is not a plain https URL");
		return NULL;
	}
	n = strcspn(authority, "/?#");
	host = host_length(authority, n);
	port = port_of(authority + host, n - host);
	if (host == 0 || port < 0 || memchr(authority, '@', n)) {
		err_set(e, "the URL '%.200s' has no plain host and port", url);
		return NULL;
	}
	text = xasprintf("%.*s:%ld", (int)host, authority, port);
	for (char *p = text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	return text;
}
