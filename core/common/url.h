/* URLs as a CA may give them: checked once, before anything else looks at them. Pure. */
#pragma once

#include <stdbool.h>

#define URL_MOST 2048 /* octets */

/* https, printable ASCII, no user information, no fragment, a plain host (or address literal), a port
 * of 1..65535 if any, at most URL_MOST octets. */
bool url_valid(const char *url);

/* "host:port" of a valid URL, lower case, 443 filled in; an IPv6 literal keeps its brackets. New. */
char *url_authority(const char *url);

/* Host without brackets, lower case, and port of a valid URL. New. */
char *url_host(const char *url, unsigned *port);

/* The same host and port? Both must be valid. */
bool url_same_host(const char *a, const char *b);
