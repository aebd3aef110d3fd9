/* From a challenge name to where its TXT must be written: the chain of CNAME and DNAME, the zone cut,
 * the servers (RFC 1034 4.3.2, 6672, 8020). Referrals are followed from the TLD on. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "common/loop.h"
#include "common/str.h"

struct ask;
struct lookup;
struct zone_finder;
struct zone_query;

#define ZONE_LINKS_MOST 11 /* the 12th fails at Let's Encrypt's resolver */

enum zone_link_kind { ZONE_CNAME, ZONE_DNAME, ZONE_WILDCARD_CNAME };

struct zone_link {
	char *owner, *target;
	char *zone; /* the zone the link stands in */
	enum zone_link_kind kind;
};

struct zone_server {
	char *name; /* of the name server; the address text where it was given by --servers */
	struct sockaddr_storage address;
	bool parent, child; /* in the parent's NS set, in the zone's own */
};

enum zone_fault {
	ZONE_FOUND,
	ZONE_LOOP,      /* the chain comes back to a name it had */
	ZONE_TOO_LONG,  /* a 12th link */
	ZONE_NO_SERVER, /* no authoritative server answered usefully */
	ZONE_BLOCKED,   /* none at all answered: outbound port 53 looks blocked */
	ZONE_BELOW_DNAME, /* owner would lie below a DNAME that could not be followed */
	ZONE_ERROR,
};

struct zone_result {
	enum zone_fault fault;
	char *message;           /* for a person, may have a line per hop; NULL when found */
	char *name;              /* as asked */
	struct zone_link *link;  /* every hop, in order */
	size_t links;
	char *owner;             /* end of the chain: where the TXT goes */
	char *zone;              /* its apex */
	struct zone_server *server;
	size_t servers;
	struct strs warnings;    /* differing NS sets, lame servers, a wildcard that is overridden */
};

/* servers_for: "ZONE=ADDR,ADDR..." texts (--servers); those zones are not looked for. ask and lookup
 * are borrowed. NULL with e when a text is wrong. */
struct zone_finder *zone_finder_new(struct loop *l, struct ask *ask, struct lookup *lookup,
				    const struct strs *servers_for, struct err *e);
void zone_finder_free(struct zone_finder *f);

/* Finds where the TXT for name (with _acme-challenge) goes, within ms. Delegations met are remembered
 * in f for the other names of the run. fn is called once, never from inside; owns the result. */
typedef void zone_fn(void *arg, struct zone_result *result);
struct zone_query *zone_find(struct zone_finder *f, const char *name, unsigned ms, zone_fn *fn, void *arg);
void zone_cancel(struct zone_query *q);
void zone_result_free(struct zone_result *r); /* NULL allowed */

/* The chain, a line per hop: "  _acme-challenge.web.test CNAME x.val.test (zone web.test)". New. */
char *zone_chain_text(const struct zone_result *r);
