/* Which URLs a module may ask. */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct http_url {
	CURLU *parsed;
	char *scheme; /* "https" or "http" */
	char *host;   /* lower case; an IPv6 literal in brackets */
	char *port;
	char *path; /* with the query, as sent */
};

/* Parses an absolute URL, https or http, without user or fragment. False with e, nothing to free. The
 * text of the URL, which may hold a secret, is not in e. */
bool http_url_parse(struct http_url *u, const char *text, struct err *e);
void http_url_free(struct http_url *u);

/*
 * https always. http only to `localhost` or a literal address that is loopback, RFC 1918 or RFC 4193,
 * when one of `named` (the operator's own URLs) is http with the same host and port; and to
 * 169.254.0.0/16 (RFC 3927; metadata services of clouds) when link_local is set. False with e.
 */
bool http_url_allowed(const struct http_url *u, const struct strs *named, bool link_local, struct err *e);
