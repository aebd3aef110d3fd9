/* HTTPS on libcurl's multi interface: HTTP/2, connections kept and shared, https only, no redirects. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/loop.h"
#include "common/str.h"

struct http;
struct http_call;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST };

struct http_request {
	enum http_method method;
	const char *url;          /* https://; anything else is refused before a packet is sent */
	const char *content_type; /* of the body, or NULL */
	const char *accept;       /* or NULL */
	const char *body;         /* or NULL; copied */
	size_t body_len;
	unsigned timeout_ms; /* whole exchange; 0 = 100 s */
	size_t most;         /* cap of the answer's body; 0 = 1 MiB */
};

struct http_answer {
	int status;        /* 0 = no answer; then error says why */
	const char *error; /* one line, or NULL */
	bool certificate;  /* the failure is about the server's certificate */
	bool maybe_sent;   /* without an answer: the request may have arrived */
	bool too_large;    /* without an answer: it went over its cap, and will again */
	const char *body;  /* NUL-terminated */
	size_t body_len;
	const char *content_type; /* header values, each NULL if absent; all borrowed until the */
	const char *location;     /* callback returns */
	const char *replay_nonce;
	const char *retry_after;
	const char *date;
	const struct strs *links; /* every Link field value, unparsed */
};

typedef void http_fn(void *arg, const struct http_answer *answer);

/* A borrowed look-up of a host's addresses: http never uses the system's resolver. */
struct lookup;

/* How it connects; copied, each NULL where nothing is said. */
struct http_ways {
	const char *bundle; /* CA certificates to trust instead of the system's */
	const char
	    *proxy; /* http://HOST:PORT that is asked to connect (CONNECT; it looks up the hosts then); TLS is
	                     * with the host as ever */
	const char *source; /* address of this host that connections come from */
	const char *family; /* of the addresses that are connected to: any, ipv4, ipv6 */
};

/* lookup is borrowed. NULL with e when the bundle cannot be read, or one of the others is not what it should be. */
struct http *http_new(struct loop *l, struct lookup *lookup, const struct http_ways *ways, struct err *e);
void http_free(struct http *h); /* cancels calls without calling back; NULL allowed */

/* Starts a request; fn is called once, never from inside this call. */
struct http_call *http_send(struct http *h, const struct http_request *request, http_fn *fn, void *arg);
void http_cancel(struct http_call *c); /* fn is not called any more */
