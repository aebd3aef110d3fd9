/* A DNS message in, its answer out: no I/O, no state but what it is given. */
#pragma once

#include <netinet/in.h>

#include "responder/question.h"
#include "responder/table.h"

enum { ANSWER_MOST = 65535, NS_MOST = 8, OWN_MOST = 8 };

/* Who we are; the first ns is this server, the addresses are its own. */
struct authority {
	struct table *table;
	struct name ns[NS_MOST];
	size_t nss;
	struct in_addr a[OWN_MOST];
	size_t as;
	struct in6_addr aaaa[OWN_MOST];
	size_t aaaas;
};

enum answer_way { ANSWER_UDP, ANSWER_TCP, ANSWER_LIMITED }; /* limited: only "ask again by TCP" */

/* Writes the answer to packet and returns its length; 0 = there is none to be sent. By UDP it is never longer
 * than the asker takes, 1232 octets at most. */
size_t answer_make(const struct authority *a, const uint8_t *packet, size_t n, enum answer_way way,
                   uint8_t out[ANSWER_MOST]);
