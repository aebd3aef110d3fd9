/* What one server of a zone says about a TXT record set: judged, told and put in the matrix. Pure;
 * only spread.c asks and waits. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/str.h"
#include "engine/dns/ask.h"
#include "engine/zone/result.h"

enum spread_state {
	SPREAD_PENDING,     /* nothing final yet */
	SPREAD_GOOD,        /* shows what is wished for */
	SPREAD_STALE,       /* answers with authority, but not what is wished for */
	SPREAD_LAME,        /* answers, not with authority */
	SPREAD_UNREACHABLE, /* does not answer */
	SPREAD_NO_ROUTE,    /* its address family cannot be reached from here */
};

/* What is wished for: values at owner, all or (absent) none of them. */
struct spread_goal {
	char *owner;
	struct strs values;
	bool absent;
	bool resolver;   /* resolvers are asked, which have no authority */
	bool without_aa; /* no server of the zone sets AA: accepted without */
};

struct spread_view {
	char *name;    /* of the server */
	char text[64]; /* its address */
	struct sockaddr_storage address;
	enum spread_state state;
	bool *shown;            /* for each value: the last authoritative answer had it */
	size_t values;          /* how many */
	unsigned questions;     /* answered or given up */
	uint64_t lame_since;    /* when it first gave no useful answer in a row; 0 = it did not */
	enum ask_result result; /* the last answer from here on */
	bool aa, ra, cname;
	bool had_aa;   /* some answer had */
	bool tcp_only; /* the last answer came by TCP, and nothing by UDP */
	unsigned rcode, rtt_ms;
	size_t seen, others; /* values of ours, other TXT records */
	uint32_t ttl;        /* of the TXT records there */
	bool was_stale;      /* answered, ever, without what is wished for */
	unsigned kept_s;     /* so long a resolver remembers that nothing is there; 0 = not so */
	bool has_serial;
	uint32_t serial;
};

void spread_view_init(struct spread_view *v, const struct zone_server *server,
                      const struct spread_goal *goal);
void spread_view_free(struct spread_view *v);

/* Takes an answer that came at `now`. Values that v had shown and now lacks are added to vanished.
 */
void spread_view_take(struct spread_view *v, const struct spread_goal *goal, const struct ask_answer *answer,
                      uint64_t now, struct strs *vanished);

/* It answers, only without AA, and is no resolver. */
bool spread_view_lacks_aa(const struct spread_view *v);

/* "ns1.test 192.0.2.1: NXDOMAIN, serial 7". New. */
char *spread_view_line(const struct spread_view *v, const struct spread_goal *goal);
json_t *spread_view_json(const struct spread_view *v); /* new reference */
