/* DNS messages as plain structs (ldns underneath, only in dns.c). Names are lower case, without
 * trailing dot, in presentation format with escapes; the root is "". */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DNAME = 39,
};

enum dns_rcode {
	DNS_NOERROR = 0,
	DNS_FORMERR = 1,
	DNS_SERVFAIL = 2,
	DNS_NXDOMAIN = 3,
	DNS_NOTIMP = 4,
	DNS_REFUSED = 5,
	DNS_YXDOMAIN = 6,
	DNS_NOTAUTH = 9,
	DNS_BADVERS = 16,
};

struct dns_rr {
	char *owner;
	unsigned type;
	uint32_t ttl;
	char *target; /* NS, CNAME, DNAME: the name; SOA: MNAME; else NULL */
	char *text;   /* TXT: character-strings joined, NUL-terminated; else NULL */
	size_t text_len;
	uint32_t serial;                 /* SOA */
	struct sockaddr_storage address; /* A, AAAA; port 0 */
};

struct dns_section {
	struct dns_rr *at;
	size_t n;
};

struct dns_message {
	uint16_t id;
	bool qr, aa, tc, ra, edns;
	unsigned rcode;
	char *qname;      /* lower case; NULL when there is no question section */
	char *qname_case; /* as it stood in the packet */
	unsigned qtype;
	struct dns_section answer, authority, additional;
};

/* Parses a whole packet or nothing; new, or NULL if malformed. Records of other types or classes
 * are left out. */
struct dns_message *dns_parse(const uint8_t *packet, size_t n);
void dns_free(struct dns_message *m); /* NULL allowed */

/* Builds a question, with RD if rd; the letters of qname are put as given. Returns its length, 0 if it does
 * not fit or the name is bad. */
size_t dns_question(uint8_t *packet, size_t room, uint16_t id, const char *qname, unsigned qtype, bool edns,
                    bool rd);

const char *dns_rcode_text(unsigned rcode); /* "NXDOMAIN"; static */
