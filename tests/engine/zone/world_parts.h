/* What world_net.c, the face of ask.h and lookup.h, takes from the world. */
#pragma once

#include "engine/dns/ask.h"
#include "world.h"

#define USUAL_MS 10

enum mood {
	MOOD_SILENT,
	MOOD_CLOSED,
	MOOD_NOROUTE,
	MOOD_GARBLED,
	MOOD_RCODE,
	MOOD_NOAA,
	MOOD_UPWARD,
	MOOD_DELAY,
	MOOD_RESOLVER,  /* no AA, but RA */
	MOOD_TCPONLY,   /* silent over UDP */
	MOOD_RECURSIVE, /* a resolver that finds everything */
	MOOD_BARE,      /* ... and leaves the authority section out */
	MOOD_USUAL,
};

struct known { /* what the resolver knows: NS of a zone or addresses of a host */
	char *name;
	struct strs data;
	uint64_t delay, from, to;
	bool error;
};

/* What is wrong with a server now, and how long its answer takes. */
enum mood world_mood(const char *server, unsigned qtype);
unsigned world_delay(const char *server);

struct loop *world_loop(void);
size_t world_resolvers(const char *const **address);
const struct known *world_known(const char *name); /* NULL = no such name */
void world_count(const char *what);

/* What the server would answer now. New, for dns_free. */
struct dns_message *world_message(const char *server, const char *qname, unsigned qtype, bool rd);
