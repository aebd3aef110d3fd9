/* URLs as a CA may give them: checked once, before anything else looks at them. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define URL_MOST 2048 /* octets */

/* https, printable ASCII, no user information, no fragment, a plain host (or address literal), a port
 * of 1..65535 if any, at most URL_MOST octets. */
bool url_valid(const char *url);

/* "host:port" of a valid URL, lower case, 443 filled in; an IPv6 literal keeps its brackets. New. */
char *url_authority(const char *url);

/* Host without brackets, lower case, and port of a valid URL. New. */
char *url_host(const char *url, unsigned *port);

/* Is the path one that every server reads alike: no empty segment, no "." or "..", no ";", no escape? Of a
 * valid URL. What is signed for one resource could else be taken for another's. */
bool url_path_plain(const char *url);

/* The path's octets without query and closing slash; *path points into the URL. Of a valid URL. */
size_t url_path(const char *url, const char **path);

/* The same host and port? Both must be valid. */
bool url_same_host(const char *a, const char *b);
