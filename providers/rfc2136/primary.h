/* Signed questions and updates to one server, and what came back. */
#pragma once

#include "message.h"
#include "transport.h"
#include "tsig.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRIMARY_ASKS_MOST 128

struct primary {
	struct transport *transport;
	struct tsig_key key;
	bool keyed;       /* key is set */
	uint16_t next_id; /* of the next message; any value at first */
};

/* One message and its reply. Begin it with one of ask_...(); end it with ask_clear(). */
struct ask {
	struct message message;
	bool with_key;
	struct tsig_mac mac;
	struct reply *reply;       /* after primary_exchange() */
	enum tsig_verdict verdict; /* of the reply; TSIG_GOOD if the ask was not signed */
	struct tsig_told told;
};

/* Prepare a message for the server, signed if `with_key`. False if it cannot be built (a name that is
 * none, or too long). */
bool ask_update(struct ask *a, struct primary *p, const struct update *u, bool with_key);
bool ask_question(struct ask *a, struct primary *p, const char *name, unsigned type, bool with_key);
void ask_clear(struct ask *a);

/* Sends n (at most PRIMARY_ASKS_MOST) messages on one connection and waits for all replies, in
 * whatever order. False with the reason in `why` if not all came by the deadline. */
bool primary_exchange(struct primary *p, struct ask *asks, size_t n, int64_t deadline, char *why,
                      size_t room);
