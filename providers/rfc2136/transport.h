/* One server reached by TCP: DNS messages with their length before them, each wait with a deadline.
 * The connection is kept between calls; what was asked is sent once more when the server had closed
 * it meanwhile. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRANSPORT_MESSAGE_MOST 65535

struct transport;

/* How it is reached; borrowed, NULL where nothing is said. */
struct transport_ways {
	const char *source; /* IP address of this host that connections come from */
	const char *family; /* of the addresses that are connected to: any, ipv4, ipv6 */
};

/* Takes the server as the user wrote it: address or name, then "#port" or ":port" if wanted
 * ("[v6]:port" for an IPv6 address). Resolves a name; sends nothing. New, or NULL with the reason in
 * `why` (room octets) and in `again` whether the same may succeed later. */
struct transport *transport_new(const char *server, unsigned port, const struct transport_ways *ways,
                                bool *again, char *why, size_t room);

/* Closes the connection. NULL allowed. */
void transport_free(struct transport *t);

/* The server as messages name it: "192.0.2.1 port 53". Valid until the next call that sends. */
const char *transport_name(const struct transport *t);

/* Sends n messages at once and has each reply handed to `take`, which says whether it belongs to
 * them (anything else is an error), until all n came. All have to be such that sending them twice does
 * no harm. `deadline` is a time of module_ms(). Returns false with the reason in `why`; the
 * connection is closed then. */
struct transport_message {
	const uint8_t *octets;
	size_t length;
};
bool transport_exchange(struct transport *t, const struct transport_message *messages, size_t n,
                        bool (*take)(void *arg, const uint8_t *reply, size_t length), void *arg,
                        int64_t deadline, char *why, size_t room);

/* Forgets the connection, e.g. after a reply that cannot be. */
void transport_close(struct transport *t);
