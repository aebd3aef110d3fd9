/* How HTTP connects: proxy, source address, family of addresses, and by which certificates servers are trusted. */
#pragma once

#include <curl/curl.h>

#include "common/address.h"
#include "common/err.h"
#include "common/str.h"
#include "engine/net/http.h"

struct ways {
	char *proxy, *proxy_host; /* NULL: none */
	unsigned proxy_port;
	char *source;               /* "host!ADDR" for curl, or NULL */
	enum address_family family; /* of the addresses that are connected to */
	char *bundle, *folder;      /* what is trusted: one of both, or none for curl's own idea */
};

/* False with e when one of them is not what it should be. ways_free in any case. */
bool ways_read(struct ways *w, const struct http_ways *wanted, struct err *e);
void ways_free(struct ways *w);

/* The host that a connection is made to for `host`; borrowed. */
const char *ways_asked(const struct ways *w, const char *host);

/* Adds those of the addresses (literals) that may be connected to. */
void ways_fitting(const struct ways *w, const struct strs *addresses, struct strs *fitting);

/* Has the transfer go by them. */
void ways_apply(const struct ways *w, CURL *easy);
