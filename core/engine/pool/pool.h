/* The provider hosts of all DNS accounts: started on demand, one request outstanding each, killed 2 s
 * after a call's deadline; changes of one zone are gathered and go as one batch. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/loop.h"
#include "common/str.h"

struct launcher;
struct pool;
struct pool_call;

enum pool_rc {
	POOL_OK,
	POOL_TEMP,
	POOL_RATE,
	POOL_CONFLICT,
	POOL_AUTH,
	POOL_NOZONE,
	POOL_INVALID,
	POOL_REFUSED, /* by the host's policy; message holds the option to add */
	POOL_UNKNOWN, /* the host died or was killed during the call: it may have happened */
	POOL_DEAD, /* no host comes up (wrong option, unreadable secret, no module; or, `passes`, it dies or is
	              silent at its start): nothing happened */
};

/* May a failed call have changed anything nevertheless? */
enum pool_written {
	POOL_WRITTEN_UNSAID, /* RATE and CONFLICT: no; TEMP: not known */
	POOL_WRITTEN_MAYBE,  /* the host sent a request that changes something, and it was not refused */
	POOL_WRITTEN_NO,     /* the service said that it failed */
};

enum pool_unit { POOL_RECORD, POOL_RRSET, POOL_ZONE };

struct pool_hello { /* known once a call of the account was answered */
	enum pool_unit replaces;
	bool compare_and_swap, can_check, can_list, can_batch, can_live;
	bool verifies_del; /* its "deleted" means that it has looked */
	bool programs;     /* it starts programs of the operator's: what fails there fails again */
	unsigned least_ttl, settle_ms, most_values, most_parallel, requests_per_minute;
};

struct pool_answer {
	enum pool_rc rc;
	const char *message;       /* the provider's words, printable, prefixed by nothing; or NULL */
	unsigned after_s;          /* RATE/TEMP: try again after so long; 0 = not said */
	const char *handle;        /* add: to be given to del; may be NULL */
	const struct strs *values; /* list */
	bool live;                 /* live */
	bool passes;               /* DEAD: a host may come up another time */
	bool unsent;               /* TEMP: it never left the queue (POOL_HOLD_MS) */
	enum pool_written written;
};

/* An add that is not handed to a host by then is given back, and a write whose records another process is
 * writing for so long. */
#define POOL_HOLD_MS 30000

typedef void pool_fn(void *arg, const struct pool_answer *answer);

struct pool_txt {
	const char *zone, *owner, *value, *handle; /* handle may be NULL */
	unsigned ttl;
};

/* Keeps from run to run how many requests went to a DNS account, for those that allow so many a minute. */
struct pool_requests {
	void (*store)(void *arg, const char *account, unsigned n); /* n were sent now */
	/* Calls fn for what was sent within the last minute, by other runs too. */
	void (*each)(void *arg, const char *account, void (*fn)(void *to, unsigned age_s, unsigned n),
	             void *to);
	void *arg;
};

/* launcher is borrowed; requests is copied, NULL: nothing is kept. */
struct pool *pool_new(struct loop *l, struct launcher *launcher, const struct pool_requests *requests);
void pool_free(struct pool *p); /* closes all hosts; NULL allowed */

/* Each calls fn once, never from inside; strings are copied. ms is the deadline of the call itself,
 * counted from when it is handed to the host; with waiting it may take longer. */
struct pool_call *pool_add(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg);
struct pool_call *pool_del(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                           pool_fn *fn, void *arg);
/* Can the account write TXT at owner in zone? Policy is asked too. OK when the provider cannot say. */
struct pool_call *pool_check(struct pool *p, const char *account, const char *zone, const char *owner,
                             unsigned ms, pool_fn *fn, void *arg);
/* values now at the owner; rc INVALID with values NULL when the provider cannot list. */
struct pool_call *pool_list(struct pool *p, const char *account, const char *zone, const char *owner,
                            unsigned ms, pool_fn *fn, void *arg);
/* Does the provider say that the value is on all its servers? Only where can_live. */
struct pool_call *pool_live(struct pool *p, const char *account, const struct pool_txt *txt, unsigned ms,
                            pool_fn *fn, void *arg);
/* Starts the account's host so that it is ready when needed; OK or DEAD. */
struct pool_call *pool_warm(struct pool *p, const char *account, pool_fn *fn, void *arg);

/* One who will soon add (else remove) TXT values in the zone: changes there that can go as one batch linger for those of
 * the announced (linger.h). Each is withdrawn once, when its changes were pushed or will not come. */
void pool_announce(struct pool *p, const char *account, const char *zone, bool add);
void pool_withdraw(struct pool *p, const char *account, const char *zone, bool add);

/* Forgets the callback; a call already handed over goes on and its result is dropped. */
void pool_cancel(struct pool_call *c);

/* NULL before the first answer of that account. Borrowed. */
const struct pool_hello *pool_hello(const struct pool *p, const char *account);
