/* What an authoritative server's answer means on the way to a name's zone. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "common/str.h"
#include "engine/dns/message.h"
#include "engine/zone/result.h"

#define ZONE_SERVERS_MOST   64 /* names in one NS set */
#define ZONE_ADDRESSES_MOST 64 /* of one name */

enum zone_reading_kind {
	READ_USELESS,  /* lame: why says so */
	READ_REFERRAL, /* zone: the child */
	READ_LINK,     /* owner, target, link_kind */
	READ_ZONE,     /* zone: the apex, by its SOA */
	READ_UNTOLD,   /* a resolver answers, but does not say from which zone */
	READ_TOO_LONG, /* a DNAME (owner, target) makes a name that is too long */
};

struct zone_reading {
	enum zone_reading_kind kind;
	char *zone;
	char *owner, *target; /* of a DNAME: its own owner, and where the name itself leads */
	enum zone_link_kind link_kind;
	bool nxdomain;
	bool lacks_aa; /* useless, but READ_WITHOUT_AA would take it */
	bool crooked;  /* the CNAME beside a DNAME is not what the DNAME makes */
	char *why;     /* for a person */
};

enum zone_reading_way {
	READ_STRICT = 0,
	READ_ANYWHERE = 1,   /* the apex may lie above `zone` too */
	READ_WITHOUT_AA = 2, /* AA is not demanded, as CAs' resolvers do not; but an answer with RA is a
	                        resolver's */
	READ_RECURSIVE = 4,  /* a resolver's answer, which is all that is wanted */
};

/* Reads the answer to (name, SOA, TXT or CNAME) of a server that should serve `zone`. The answer section is
 * looked at before the rcode (RFC 6604); only records of the name itself count. */
void zone_read(struct zone_reading *r, const struct dns_message *m, const char *name, const char *zone,
               enum zone_reading_way way);
void zone_reading_free(struct zone_reading *r);

struct zone_glue {
	char *name;
	struct sockaddr_storage address;
};

/* An NS set with the addresses that came along. */
struct zone_delegation {
	struct strs names;
	struct zone_glue *glue;
	size_t glues;
	bool cut_short; /* there were more than ZONE_SERVERS_MOST names */
};

/* The NS records of zone in a message (answer or authority section), with glue for names below
 * bailiwick. False when there are none. */
bool zone_delegation_read(struct zone_delegation *d, const struct dns_message *m, const char *zone,
                          const char *bailiwick);
void zone_delegation_free(struct zone_delegation *d);

/* Where name leads by a DNAME (RFC 6672 section 2.2); NULL when that is too long. New. */
char *zone_dname_target(const char *name, const char *owner, const char *target);
