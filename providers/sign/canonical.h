/* The canonical form of an HTTP request, as the signatures of several clouds want it. Texts belong
 * to the host and live until the call ends. */
#pragma once

#include "provider.h"

#define CANONICAL_HEADERS_MOST 16
#define CANONICAL_QUERY_MOST   32

struct canonical_headers {
	struct dnsproof_http_header
	    at[CANONICAL_HEADERS_MOST]; /* names in lower case, sorted; values trimmed */
	size_t n;
};

/* Keeps the list sorted. A header too many or with an empty value is left out. */
void canonical_header_add(const struct dnsproof_call *call, struct canonical_headers *headers,
                          const char *name, const char *value);
/* "name:value\n" for each. */
const char *canonical_header_lines(const struct dnsproof_call *call, const struct canonical_headers *headers);
/* "a;b;c" */
const char *canonical_header_names(const struct dnsproof_call *call, const struct canonical_headers *headers);

/* Sorts the parts of an encoded query ("b=2&a=1", may be NULL or ""); a part without '=' gets one.
 * By name and then by value, or, by_text, by the whole part. */
const char *canonical_query(const struct dnsproof_call *call, const char *query, int by_text);
/* RFC 3986, all but unreserved characters and '/'. */
const char *canonical_path(const struct dnsproof_call *call, const char *path);
/* Lower-case hex of the SHA-256. */
const char *canonical_hash(const struct dnsproof_call *call, const void *bytes, size_t n);

/* "name=value&...", encoded (RFC 3986), from names and values in turn, ended by NULL; a NULL value
 * leaves its name out. */
const char *canonical_pairs(const struct dnsproof_call *call, const char *name, ...)
    __attribute__((sentinel));
