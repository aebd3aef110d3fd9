/* Asks every authoritative server (or resolvers, or nobody) for a TXT record set until all show the
 * values. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/loop.h"
#include "common/spec/spec.h"
#include "common/str.h"
#include "engine/zone/zone.h"

struct ask;
struct spread;

enum spread_end {
	SPREAD_DONE,
	SPREAD_TIMEOUT, /* message names each server that lacks the value and what it said */
	SPREAD_NOBODY,  /* no server could be reached */
};

struct spread_wish {
	const char *owner;
	const char *zone;
	const struct strs *values;        /* all must be seen */
	bool absent;                      /* turned round: wait until none of the values is seen */
	const struct zone_server *server; /* all these are borrowed during spread_new only */
	size_t servers;
	enum wait_for wait_for;
	uint64_t deadline;  /* loop_now() of the end */
	unsigned first_ms;  /* to wait before the first question; 0 = ask at once */
	unsigned settle_ms; /* to wait after all agree (provider's limits, the operator's wish) */
};

struct spread_result {
	enum spread_end end;
	const char *message;         /* one line or more; NULL when done */
	const struct strs *warnings; /* unreachable, lame */
	unsigned took_ms;
	const struct zone_server *witness; /* one that shows what is wished for, or NULL; borrowed */
	size_t stale;                      /* servers that do not, though they answer */
	bool early;                        /* some server, when it was asked first, did not show it yet */
	size_t good, asked;                /* servers that do, of those that can be reached from here */
	unsigned ttl;                      /* the longest that one of them shows for the set; 0 = none does */
	json_t *matrix; /* borrowed: array of {server, address, rcode, seen, serial, rtt_ms,
	                   state}; -v and the events show it */
};

/* fn is called once at the end, never from inside spread_new, and may free the spread. vanished
 * (may be NULL) is called each time a value that a server had shown is gone there; it may free the
 * spread. */
typedef void spread_fn(void *arg, const struct spread_result *result);
typedef void spread_vanished_fn(void *arg, const char *value, const char *server);
struct spread *spread_new(struct loop *l, struct ask *ask, const struct spread_wish *wish, spread_fn *fn,
                          spread_vanished_fn *vanished, void *arg);
/* Who is waited for and how long yet, for a person. New. */
char *spread_waiting_text(const struct spread *s);
void spread_free(struct spread *s); /* stops it; NULL allowed */
