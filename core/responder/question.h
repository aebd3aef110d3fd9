/* What a DNS message asks (RFC 1035 4.1, 6891). Anybody may send anything: nothing is believed. */
#pragma once

#include "responder/name.h"

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_SOA = 6,
	TYPE_HINFO = 13,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	TYPE_META_FIRST = 128, /* from here to ANY: no data types (RFC 6895 3.1) */
	TYPE_IXFR = 251,
	TYPE_AXFR = 252,
	TYPE_ANY = 255,
	CLASS_IN = 1,
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_BADVERS = 16,
	HEADER_SIZE = 12,
	UDP_LEAST = 512, /* what everybody takes */
	UDP_MOST = 1232, /* what we send at most */
};

enum question_kind {
	QUESTION_GOOD,    /* everything below is set */
	QUESTION_BAD,     /* FORMERR or NOTIMP by rcode; only id and flags are set */
	QUESTION_NOTHING, /* an answer, or too short to answer: no answer */
};

struct question {
	uint16_t id, flags;
	unsigned rcode; /* BAD: why; GOOD: NOERROR or BADVERS */
	struct name name;
	const uint8_t *sent; /* the name in the letter case it was sent, name.length octets; borrowed */
	uint16_t type, class;
	bool edns, dnssec_ok;
	uint16_t udp; /* so many octets may be sent by UDP, 512..1232 */
};

enum question_kind question_read(struct question *q, const uint8_t *packet, size_t n);
