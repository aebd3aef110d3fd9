/* One question on one socket: a connected UDP socket, or a TCP connection. Only ask.c uses this. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "common/loop.h"
#include "engine/dns/message.h"

struct ask_try;

enum ask_try_news {
	TRY_ANSWER,     /* the message is ours */
	TRY_WRONG_CASE, /* ours but for the case of letters; the try goes on */
	TRY_GARBLED,    /* not ours or not DNS; a UDP try goes on */
	TRY_CLOSED,     /* refused, or the connection broke */
	TRY_SILENT,     /* the host cannot be reached, or we have no descriptor left */
	TRY_NO_ROUTE,   /* no address of ours to reach it from */
};

struct ask_try_spec {
	const struct sockaddr_storage *server;
	const char *qname;
	unsigned qtype;
	bool tcp, edns, rd;
	bool plain_case;
};

/* Gets each news; m is for fn to free. After TRY_ANSWER and TRY_CLOSED and those below nothing more
 * comes, and fn may free the try. After TRY_WRONG_CASE, and after TRY_GARBLED by UDP, it must not.
 */
typedef void ask_try_fn(void *arg, struct ask_try *t, enum ask_try_news news, struct dns_message *m);

/* Sends the question. NULL when that fails at once; *why then says how. */
struct ask_try *ask_try_new(struct loop *l, const struct ask_try_spec *spec, ask_try_fn *fn, void *arg,
                            enum ask_try_news *why);
void ask_try_free(struct ask_try *t); /* NULL allowed */

bool ask_try_is_tcp(const struct ask_try *t);
bool ask_try_has_edns(const struct ask_try *t);
