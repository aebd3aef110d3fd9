/* One question to one authoritative server: UDP with EDNS 1232, RD=0, random id, port and letter
 * case; TCP on truncation or time-out; without EDNS after FORMERR/NOTIMP; plain case over TCP after
 * a wrong case. Two tries at least 1 s apart, 5 s in all. */
#pragma once

#include <sys/socket.h>

#include "common/loop.h"
#include "engine/dns/message.h"

struct ask;
struct ask_query;

enum ask_result {
	ASK_ANSWER,   /* message is there, whatever its rcode */
	ASK_SILENT,   /* nothing came within the limits */
	ASK_NO_ROUTE, /* this address family cannot be reached from here */
	ASK_CLOSED,   /* refused by UDP, or by TCP where the answer by UDP was cut short */
	ASK_GARBLED,  /* only answers that could not be parsed or were not ours */
};

struct ask_answer {
	enum ask_result result;
	const struct dns_message *message; /* borrowed until the callback returns; NULL without answer */
	unsigned rtt_ms;
	bool tcp;
	bool udp_dead; /* came by TCP, and nothing at all came by UDP */
};

typedef void ask_fn(void *arg, const struct ask_answer *answer);

/* At most 300 questions are in flight, more wait. */
struct ask *ask_new(struct loop *l);
void ask_free(struct ask *a); /* cancels without calling back; NULL allowed */

/* server with port (0 = 53); fn is called once, never from inside this call. */
struct ask_query *ask_send(struct ask *a, const struct sockaddr_storage *server, const char *qname,
                           unsigned qtype, ask_fn *fn, void *arg);
/* The same to a resolver, with RD=1. */
struct ask_query *ask_resolver(struct ask *a, const struct sockaddr_storage *resolver, const char *qname,
                               unsigned qtype, ask_fn *fn, void *arg);
void ask_cancel(struct ask_query *q);

const char *ask_result_text(enum ask_result r); /* "timed out", static */
/* "192.0.2.1", "192.0.2.1#5353", "2001:db8::1" into text; returns text. */
const char *ask_server_text(const struct sockaddr_storage *server, char text[static 64]);
