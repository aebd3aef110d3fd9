/* Questions to recursive resolvers (c-ares), only for TLD name servers, addresses of name servers and
 * HTTPS hosts; never for a name at or below a name to be validated (negative caching). */
#pragma once

#include <stddef.h>
#include <sys/socket.h>

#include "common/err.h"
#include "common/loop.h"
#include "common/str.h"

struct lookup;
struct lookup_query;

struct lookup_addresses {
	struct sockaddr_storage *at; /* port 0 */
	size_t n;
};

/* resolvers: "ADDR" or "ADDR:PORT" or "[ADDR6]:PORT"; empty = those of the system. At most 200
 * questions are in flight, more wait. */
struct lookup *lookup_new(struct loop *l, const struct strs *resolvers, struct err *e);
void lookup_free(struct lookup *k); /* cancels without calling back; NULL allowed */

/* A and AAAA of a host (an address literal answers itself). n 0: error says why. fn is called once,
 * never from inside this call; what it gets is borrowed. */
typedef void lookup_addresses_fn(void *arg, const struct lookup_addresses *found, const char *error);
struct lookup_query *lookup_addresses(struct lookup *k, const char *host, lookup_addresses_fn *fn, void *arg);

/* The name servers of a zone (a TLD or the root ""): list of names, empty with error. */
typedef void lookup_servers_fn(void *arg, const struct strs *names, const char *error);
struct lookup_query *lookup_servers(struct lookup *k, const char *zone, lookup_servers_fn *fn, void *arg);

/* The resolvers in use, with their ports, into *at (new, for free()); how many. */
size_t lookup_resolvers(const struct lookup *k, struct sockaddr_storage **at);

void lookup_cancel(struct lookup_query *q);
