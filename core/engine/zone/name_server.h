/* Addresses of name servers from the resolver: each host is asked for once a run. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "engine/zone/race.h"

struct zone_hosts;

struct zone_addresses {
	struct sockaddr_storage *at;
	size_t n;
	bool cut_short; /* there were more */
};

struct zone_host {
	char *name;
	bool done;   /* the resolver has answered */
	char *error; /* why there are no addresses, or NULL */
	struct zone_addresses addresses;
};

/* Adds unless it is there or there are ZONE_ADDRESSES_MOST. */
void zone_address_add(struct zone_addresses *a, const struct sockaddr_storage *address);

struct zone_hosts *zone_hosts_new(struct zone_net *net);
void zone_hosts_free(struct zone_hosts *h); /* NULL allowed */

/* The host of that name, borrowed for the life of h. fn is called when it becomes done (not when it
 * is done already, and never from inside); it must not free h. */
struct zone_host *zone_hosts_get(struct zone_hosts *h, const char *name, void (*fn)(void *arg), void *arg);

/* A spread over `buckets` buckets. */
size_t zone_hash(const char *name, size_t buckets);
