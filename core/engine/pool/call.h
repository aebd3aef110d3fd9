/* One call of the pool and lists of them; what is made of several: a request and its answer. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/pool/pool.h"
#include "engine/pool/protocol.h"

#define POOL_BATCH_MOST 100 /* changes in one request */

struct dns_account;

struct pool_call {
	struct dns_account *account;
	struct pool_ask ask;
	struct pool_reply reply;
	pool_fn *fn; /* NULL when cancelled */
	void *arg;
	bool queued; /* not yet handed to a host */
	bool unsent; /* given back from the queue */
	uint64_t hold_until;
	uint64_t busy_since; /* when a host first said that another process writes there; 0: none did */
	uint64_t not_before;
	unsigned busy; /* how often it was said */
	bool told;     /* that it waits for that */
	struct pool_call *next;
};

struct pool_calls {
	struct pool_call *first, **end;
	size_t n;
};

void pool_calls_init(struct pool_calls *s);
void pool_calls_add(struct pool_calls *s, struct pool_call *c);
/* Takes out the call that *at points to. */
struct pool_call *pool_calls_take(struct pool_calls *s, struct pool_call **at);
void pool_calls_free(struct pool_calls *s); /* with the calls */

void pool_call_free(struct pool_call *c);
bool pool_call_writes(const struct pool_call *c);
void pool_call_deliver(struct pool_call *c); /* calls back unless cancelled, then frees it */

/* One request for all: of one call, of the writes of one zone, or of the lists of one owner. NULL if not sayable. New. */
json_t *pool_calls_request(const struct pool_calls *s, unsigned *ms);
bool pool_calls_parse(struct pool_calls *s, const json_t *answer, struct err *e); /* fills the replies */
bool pool_calls_busy(const struct pool_calls *s); /* nothing was written: another process writes there */
void pool_calls_fail(struct pool_calls *s, enum pool_rc rc, const char *message);
