/* What is found about a name: its chain, its zone, the servers; and the words for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "common/str.h"

#define ZONE_LINKS_MOST 11 /* the 12th fails at Let's Encrypt's resolver */

enum zone_link_kind { ZONE_CNAME, ZONE_DNAME, ZONE_WILDCARD_CNAME };

struct zone_link {
	char *owner, *target;
	char *zone; /* the zone the link stands in; NULL = not known */
	enum zone_link_kind kind;
};

struct zone_server {
	char *name; /* of the name server; the address text where it was given by --name-servers */
	struct sockaddr_storage address;
	bool parent, child; /* in the parent's NS set, in the zone's own */
};

enum zone_fault {
	ZONE_FOUND,
	ZONE_LOOP,        /* the chain comes back to a name it had */
	ZONE_TOO_LONG,    /* a 12th link */
	ZONE_NO_SERVER,   /* no authoritative server answered usefully */
	ZONE_BLOCKED,     /* none at all answered: outbound port 53 looks blocked */
	ZONE_BELOW_DNAME, /* owner would lie below a DNAME that could not be followed */
	ZONE_ERROR,
};

struct zone_result {
	enum zone_fault fault;
	char *message;          /* for a person, may have a line per hop; NULL when found */
	char *name;             /* as asked */
	struct zone_link *link; /* every hop, in order */
	size_t links;
	char *owner; /* end of the chain: where the TXT goes */
	char *zone;  /* its apex */
	struct zone_server *server;
	size_t servers;
	bool cut_short;       /* it has more servers than these */
	bool unregistered;    /* no such name in a top-level domain: a spelling mistake, most likely */
	struct strs warnings; /* differing NS sets, lame servers, a wildcard that is overridden */
};

void zone_result_free(struct zone_result *r); /* NULL allowed */

/* The chain, a line per hop: "  _acme-challenge.web.test CNAME x.val.test (zone web.test)". New. */
char *zone_chain_text(const struct zone_result *r);

/* Below: for zone.c and its parts. */
struct zone_result *zone_result_new(const char *name);

void zone_result_link(struct zone_result *r, enum zone_link_kind kind, const char *owner, const char *target,
                      const char *zone);
void zone_result_cut_links(struct zone_result *r, size_t links); /* keeps the first `links` */

/* A warning, once each. */
void zone_result_warn(struct zone_result *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The fault, its text, then the chain. what is freed. */
void zone_result_fail(struct zone_result *r, enum zone_fault fault, char *what);
