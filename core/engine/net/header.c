#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/mem.h"
#include "engine/net/header.h"

enum { LINES_MOST = 100, OCTETS_MOST = 32 * 1024, LINKS_MOST = 20 };

static const char *const names[HEADERS] = {
    [HEADER_CONTENT_TYPE] = "content-type",
    [HEADER_LOCATION] = "location",
    [HEADER_REPLAY_NONCE] = "replay-nonce",
    [HEADER_RETRY_AFTER] = "retry-after",
    [HEADER_DATE] = "date",
};

static void headers_clear(struct http_headers *h)
{
	for (size_t i = 0; i < HEADERS; i++) {
		free(h->value[i]);
		h->value[i] = NULL;
	}
	strs_free(&h->links);
}

void http_headers_free(struct http_headers *h)
{
	headers_clear(h);
	h->lines = h->octets = 0;
}

/* The value without white space around it; NULL when it is empty or not printable ASCII. */
static char *value_text(const char *value, size_t n)
{
	while (n > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", value[n - 1]))
		n--;
	if (n == 0)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (value[i] < ' ' || value[i] > '~')
			return NULL;
	return xstrndup(value, n);
}

static bool name_is(const char *line, size_t n, const char *name)
{
	return n == strlen(name) && strncasecmp(line, name, n) == 0;
}

static void field_keep(struct http_headers *h, const char *line, size_t name_len, char *value)
{
	if (name_is(line, name_len, "link") && h->links.n < LINKS_MOST)
		strs_add(&h->links, value);
	for (size_t i = 0; i < HEADERS; i++) {
		if (!name_is(line, name_len, names[i]) || h->value[i])
			continue;
		h->value[i] = value;
		return;
	}
	free(value);
}

bool http_headers_add(struct http_headers *h, const char *line, size_t n)
{
	const char *colon = memchr(line, ':', n);
	char *value;

	h->octets += n;
	if (++h->lines > LINES_MOST || h->octets > OCTETS_MOST)
		return false;
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) {
		headers_clear(h);
		return true;
	}
	if (!colon)
		return true;
	value = value_text(colon + 1, n - (size_t)(colon - line) - 1);
	if (value)
		field_keep(h, line, (size_t)(colon - line), value);
	return true;
}
