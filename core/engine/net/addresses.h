/* The addresses of the hosts we talk HTTPS to, looked up once and kept for five minutes. */
#pragma once

#include "common/loop.h"
#include "common/str.h"

struct host;
struct addresses;
struct lookup;

/* Told when a look-up ended: error NULL, or why there is no address (borrowed). */
typedef void addresses_fn(void *arg, struct host *host, const char *error);

/* lookup is borrowed. */
struct addresses *addresses_new(struct loop *l, struct lookup *lookup, addresses_fn *fn, void *arg);
void addresses_free(struct addresses *s); /* NULL allowed */

/* The host of that name, which lives as long as s; a look-up is started when its addresses are not
 * known or too old, and then host_addresses() is empty. */
struct host *addresses_get(struct addresses *s, const char *name);

/* Texts, IPv6 in brackets; borrowed. */
const struct strs *host_addresses(const struct host *h);

/* No connection was possible: the next addresses_get looks again. */
void host_forget(struct host *h);
