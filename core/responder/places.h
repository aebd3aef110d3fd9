/* The sockets we answer at: opened by us, or given by systemd (sd_listen_fds(3)). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "common/err.h"
#include "common/str.h"

enum place_kind { PLACE_UDP, PLACE_TCP, PLACE_CONTROL };

struct place {
	enum place_kind kind;
	int fd;
};

struct places {
	struct place *at; /* owned, as are the descriptors until somebody takes them and sets -1 */
	size_t n;
};

enum places_end {
	PLACES_GOOD,
	PLACES_FORBIDDEN, /* a person must give us the right to the port */
	PLACES_TAKEN,     /* another program has it */
	PLACES_WRONG,     /* no such address, ... */
};

/* Opens UDP and TCP at each "ADDRESS" or "ADDRESS#PORT"; without any at all addresses of this host, one by one
 * and without loopback when another program has a part of them. e says what to do. */
enum places_end places_open(struct places *p, const struct strs *listen, unsigned port, struct err *e);

/* Takes those of LISTEN_FDS; true also when there are none. False with e when one is no socket for us. */
bool places_inherit(struct places *p, struct err *e);

void places_add(struct places *p, enum place_kind kind, int fd);
void places_free(struct places *p);

/* "192.0.2.1#53", of where it is bound; new. NULL for a UNIX socket. */
char *place_text(const struct place *p);

/* False when text is no ADDRESS[#PORT]. */
bool place_parse(const char *text, unsigned port, struct sockaddr_storage *to);
