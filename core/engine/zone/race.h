/* One question to several servers of a zone: two at a time, one more when an answer is useless or a
 * moment passes; the first useful answer ends it. */
#pragma once

#include <stdbool.h>
#include <sys/socket.h>

#include "engine/dns/ask.h"

struct lookup;
struct zone_race;

/* What everything about zones shares; all borrowed. */
struct zone_net {
	struct loop *loop;
	struct ask *ask;
	struct lookup *lookup;
	unsigned answered; /* DNS messages that came from any authoritative server */
};

struct zone_peer {
	char *name;
	struct sockaddr_storage address;
	bool final; /* with an answer: this server is asked nothing more */
};

/* Gets every answer. Returns true when it takes it: the race must then have been freed by fn. When
 * all have failed it is called once with NULL, NULL; it should free the race then, too. */
typedef bool zone_race_fn(void *arg, const struct zone_peer *peer, const struct ask_answer *answer);

/* budget (borrowed): questions that may still be asked. A server that gives no useful answer to qtype
 * is asked for `other` too (0 = not): some fail at SOA and answer TXT, which is all that a CA asks. fn
 * is never called from inside a call. */
struct zone_race *zone_race_new(struct zone_net *net, unsigned *budget, const char *qname, unsigned qtype,
                                unsigned other, zone_race_fn *fn, void *arg);
/* Its servers are recursive resolvers, asked with RD=1; said before the first is added. */
void zone_race_recursive(struct zone_race *r);
void zone_race_free(struct zone_race *r); /* NULL allowed */

/* One more server; one that is known already is left out. */
void zone_race_add(struct zone_race *r, const char *name, const struct sockaddr_storage *address);
void zone_race_close(struct zone_race *r); /* no more servers will come */

bool zone_same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b);
