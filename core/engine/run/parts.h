/* What the files of a run share: run.c holds its life, cert.c a certificate's way to its order, adopt.c what dead
 * runs left. */
#pragma once

#include "engine/journal/orders.h"
#include "engine/order/order.h"
#include "engine/peers/launcher.h"
#include "engine/run/ca_task.h"
#include "engine/run/backup.h"
#include "engine/run/caps.h"
#include "engine/run/due.h"
#include "engine/run/leftovers.h"
#include "engine/run/parking.h"
#include "engine/run/removal.h"
#include "engine/run/revoke_task.h"
#include "engine/run/run.h"
#include "engine/run/stops.h"

enum {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_CONFIG = 2,
	EXIT_NOT_DUE = 3,
	EXIT_CLAIMED = 4,
	EXIT_OWED = 5,
};

enum cert_state {
	CERT_QUEUED, /* waits for room */
	CERT_HELD,   /* waits for the run that works on it */
	CERT_BUSY,   /* looked at by the keeper, then its order */
	CERT_ENDED,
};

/* A certificate's part of one key type. */
struct run_key {
	struct run_cert *cert;
	const char *type;
	struct advice *advice; /* of advice.c; NULL: not looked at yet */
	bool asked;            /* the CA, for its advice, in this run */
	enum due due;
	struct due_dates dates;
	bool wanted; /* an order is to be made, or gone on with */
	struct order_succession succession;
	char *replaces;           /* its cert_id */
	struct order_row resumed; /* id 0: none */
	struct txt **left;        /* values of the resumed order */
	size_t lefts;
	struct order *order;
	bool begun, failed; /* its order; failed: it ended without being published */
};

#define KEYS_MOST 2 /* of a certificate */

/* A certificate of the job. */
struct run_cert {
	struct run *run;
	const struct job_cert *cert;
	const char *ca; /* CA account of its order: `ca`, or for once `backup_ca` (backup.h) */
	enum cert_state state;
	bool waited;        /* another run had it */
	bool looked;        /* before it was claimed: it is due */
	bool failed_before; /* earlier runs have tried it in vain */
	bool has_room;
	bool under_way; /* its accounts know */
	struct keeper_call *look;
	uint64_t claim_until, tell_at;
	struct run_key key[KEYS_MOST]; /* the first is at the top of its generations */
	size_t keys;
	bool early;     /* chosen by levelling.h, as long as it is not due anyway */
	bool published; /* in this run */
	bool pause_told;
	enum order_fault fault;              /* of its orders that have ended; the CA's goes first */
	int code;                            /* what is told at the end, of the orders that have ended */
	void (*ordered)(struct run_cert *c); /* all of its orders have ended */
	struct run_cert *next;               /* in the queue, or among those held or due */
};

/* Certificates that were not tried for a limit of their CA account, or because the CA asked to come back later. */
struct run_limited {
	const char *ca;           /* account; of the job */
	char *domain;             /* that has had too many certificates there; NULL: none */
	enum job_limit_kind kind; /* JOB_LIMITS: the latter */
	size_t n;
	int64_t until; /* the earliest */
};

struct run_certs {
	struct run_cert *first, **end;
};

struct run {
	struct world *e;
	struct run_cert *cert;
	size_t certs;
	struct run_cert **by_id; /* the certificates, sorted by ID */
	struct caps *caps;
	struct ca_task *task;         /* of `ca`, which does nothing else; NULL */
	struct revoke_task *revoking; /* the same of `revoke` */
	struct removal *removal;      /* and of `remove` */
	struct stops *stops;
	struct run_certs queue, held;
	struct run_certs due; /* wait until it is known whether their accounts work */
	size_t questions;     /* for the CAs' advice */
	struct strs deaf;     /* CA accounts that did not answer these: not asked again in this run */
	struct run_limited *limited;
	size_t limiteds;
	struct loop_timer *claims; /* tries those held again */
	struct loop_timer *begin;  /* takes from the queue */
	uint64_t adopted_at;
	struct strs alive; /* as of alive_at */
	uint64_t alive_at;
	struct leftovers **leftovers;
	size_t nleftovers;
	size_t busy; /* certificates and leftovers not done, and the start */
	int code;
	size_t tried,
	    misconfigured; /* certificates of `renew` that ended so; tried: the others that were due */
	bool winding_down;
	struct loop_timer *limit; /* of `renew`: what has not begun by then is for the next run */
	struct loop_timer *end;
	void (*fn)(void *arg, int code);
	void *arg;
};

/* The gravest outcome of a run's parts is its exit code. */
int run_graver(int one, int other);
void run_note(struct run *r, int code);
void run_note_cert(struct run *r, int code);
void run_one_less(struct run *r);
/* Runs that live, at most CLAIM_AGAIN_MS old; NULL when the journal is broken. */
const struct strs *run_alive(struct run *r);
#define CLAIM_AGAIN_MS 200

/* adopt.c: takes over, in this turn's transaction, what dead runs owe. Unfinished orders and their values go to the
 * certificates that may resume them, all other values are removed at once. */
void run_adopt(struct run *r);
/* Removes these values (array and values are stolen). */
void run_remove(struct run *r, struct txt **txt, size_t n, const struct order_row *rows, size_t nrows);

struct run_cert *run_cert_of(const struct run *r, const char *id); /* NULL: it is not of the job */

/* cert.c */
void certs_init(struct run_certs *list);
void certs_add(struct run_certs *list, struct run_cert *c);
struct run_cert *certs_take(struct run_certs *list, struct run_cert **at);
void cert_init(struct run_cert *c);  /* run and cert are there */
void cert_begin(struct run_cert *c); /* there is room: claims it and goes on */
void cert_end(struct run_cert *c, int code);
void cert_hurry(struct run_cert *c); /* the run winds down */
void certs_try_held(struct run *r);
void certs_try_due(struct run *r);
void cert_free(struct run_cert *c); /* what it holds */

/* staging.c: a trial at the certificate's staging account, before its order or (`renew --dry-run`) instead of it. */
bool staging_is_tried(const struct run_cert *c);
/* The trial has ended so: does the order follow? */
bool staging_lets_order(struct run_cert *c, enum order_end end);

/* key.c */
void keys_init(struct run_cert *c);
unsigned key_place(const struct run_key *k);
/* What the keeper says of the live pair with that key type; borrowed, NULL when there is none. The first key type is
 * looked for at the top alone. */
const json_t *key_facts(const struct run_key *k, const json_t *current);
/* Is what is published so young that it need not be renewed beside the other? */
bool key_is_fresh(const struct run_key *k, int64_t now);
/* The key of an order that nobody goes on with; arg: the run. */
void key_discard(void *arg, const struct order_row *o);
bool keys_resume(const struct run_cert *c); /* an order of a dead run is gone on with */

/* cert_orders.c: makes the orders of the key types that are wanted, one after the other, so that the second uses what was
 * validated for the first, and publishes what came of them at once. When all have ended, c->ordered follows. */
void orders_begin(struct run_cert *c);
void orders_rehearse(struct run_cert *c); /* order_rehearse; the same follows */
void orders_hurry(struct run_cert *c);    /* the run winds down; nothing when there is none */
void orders_broken(struct run_cert *c, const char *why);

/* cert_say.c */
void cert_event(struct run_cert *c, enum event_level level, const char *event, const char *text);
void cert_say_pause(struct run_cert *c); /* after a failure: how long it is not tried again */
void cert_say_not_due(struct run_cert *c, const json_t *current, const struct due_dates *dates);
void cert_say_due(struct run_cert *c, enum due due, const json_t *current, const struct due_dates *dates);
bool cert_say_resting(struct run_cert *c); /* false, and nothing is said: it does not rest */
/* "another dnsproof run (pid 4711, since 2026-11-21 20:45 UTC)", of the name that the launcher gave it. New. */
char *cert_holder_words(const char *run);
