/* The header fields of an answer that we look at, kept within bounds. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

enum http_header {
	HEADER_CONTENT_TYPE,
	HEADER_LOCATION,
	HEADER_REPLAY_NONCE,
	HEADER_RETRY_AFTER,
	HEADER_DATE,
	HEADERS
};

struct http_headers {
	char *value[HEADERS]; /* NULL if absent or not printable ASCII */
	struct strs links;    /* all Link values, at most 20 */
	size_t lines, octets; /* seen so far, informational answers and trailers included */
};

/* Takes one line as curl hands it over (with its line end, not NUL-terminated). A status line starts
 * anew. False when there are too many of them: over 100 lines or 32 KiB. */
bool http_headers_add(struct http_headers *h, const char *line, size_t n);
void http_headers_free(struct http_headers *h);
