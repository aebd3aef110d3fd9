/* What the files of the order machine share: order.c holds the states, order_zones.c and
 * order_values.c the steps that talk to DNS and providers, order_authz.c, order_poll.c and
 * order_issue.c those that talk to the CA and the keeper. Steps start operations; when the last one
 * of a state has ended, order.c goes on. */
#pragma once

#include <jansson.h>

#include "engine/acme/acme.h"
#include "engine/order/announced.h"
#include "engine/peers/launcher.h"
#include "engine/order/order.h"
#include "engine/pool/pool.h"
#include "engine/order/resolution.h"
#include "engine/acme/problem.h"
#include "engine/acme/resource.h"
#include "engine/zone/zone.h"

enum order_state {
	ORDER_PREPARING,   /* zones, permission to write there; directory and account meanwhile */
	ORDER_ORDERING,    /* newOrder, or a look at the resumed one */
	ORDER_AUTHORIZING, /* authorizations and TXT values */
	ORDER_MAKING_ROOM, /* until other orders leave room at the challenge names */
	ORDER_PLACING,     /* values put at the providers; key and CSR meanwhile */
	ORDER_SPREADING,   /* until all servers show them */
	ORDER_SETTLING,    /* until the provider says so too, where it can */
	ORDER_GATHERING,   /* until those of other orders at the same names are there, too */
	ORDER_CHALLENGING, /* challenges posted */
	ORDER_VALIDATING,
	ORDER_TURNING,    /* values of a round are removed before those of the next are put */
	ORDER_EXPLAINING, /* the order became invalid: why */
	ORDER_FINALIZING,
	ORDER_PROCESSING,
	ORDER_DOWNLOADING,
	ORDER_PUBLISHING,
	ORDER_CLEANING, /* what is still there is taken away */
	ORDER_ENDED,
};

/* An outside operation that the present state waits for. */
struct order_op {
	struct order *order;
	size_t index; /* of the name, place or TXT it is about */
	void *handle;
	void (*cancel)(void *handle);
	char *(*waits_for)(const struct order_op *op); /* for a person, new; NULL = not told */
	struct order_op *next;
};

/* A challenge name: one zone, one owner, one spread, shared by a domain and its wildcard. */
struct order_place {
	char *challenge; /* _acme-challenge.NAME */
	struct zone_result *zone;
	size_t account;          /* which of those that may serve the zone */
	unsigned checks;         /* tries of the present account's check that failed */
	struct strs refusals;    /* a line for each account that was asked and does not serve it */
	bool may_pass;           /* ... one of them for a reason that may pass */
	enum pool_rc refused;    /* the last of them */
	const char *asked;       /* ... who is asked now; borrowed from the job, as the others */
	const char *dns_account; /* that serves it; NULL before one is found */
	struct strs also;        /* DNS accounts whose values stand beside its own (`both`) */
	struct strs values;      /* to be seen by all servers */
	unsigned ttl;            /* of the set there, as the servers show it */
};

/* Its n-th DNS account; NULL at the end. */
const char *place_dns_account(const struct order_place *p, size_t n);

/* A TXT value of this order, put now or left by the run that is resumed. */
struct order_txt {
	struct order *order;
	struct txt *txt;     /* NULL while nothing was put */
	struct order_op *op; /* waits for its put */
	unsigned vanished;
	bool removing;
};

struct order_name {
	char *name; /* "*." in front of a wildcard */
	size_t place;
};

/* An authorization of the order as the CA last showed it, and the TXT value that proves it. It may stand for
 * several names (RFC 8555 section 7.1.3) or for an ancestor of them (RFC 9444). */
struct order_authz {
	char *url, *label; /* label: the name it proves, for messages; "*." in front of a wildcard */
	struct acme_authz *ca;
	size_t place;
	char *value; /* 43 characters; NULL when no TXT is needed */
	struct order_txt put;
	struct order_txt *also; /* the same value at the place's other accounts */
	size_t alsos;
	bool needed;    /* it was pending when it was first looked at */
	unsigned round; /* where a name holds fewer values than are needed, they take turns */
	bool was_there; /* the value stood there before this run */
	unsigned looks; /* challenges whose answer was lost, so that it was looked at */
};

/* Its n-th value; NULL at the end. */
struct order_txt *authz_put(struct order_authz *a, size_t n);

struct order {
	struct world *e;
	const struct job_cert *cert;
	struct resolution *resolution; /* borrowed */
	struct ca_account *account;
	struct acme *acme;
	order_fn *fn;
	void (*work)(void *arg, const char *account); /* NULL: nobody wants to know */
	void *arg;

	enum order_state state, next;
	bool entered;
	struct order_op *ops;
	struct loop_timer *waiting;  /* tells what takes long */
	struct loop_timer *step;     /* state advances from here only */
	struct loop_timer *deadline; /* of the whole order, or of cleaning */
	uint64_t entered_at;         /* the present state, loop_now() */
	const char *waits_for; /* what the present state usually waits for; NULL: its operations say it */

	struct order_row row;
	struct acme_order *ca; /* as the CA last showed it */
	char *csr, *chain;
	json_t *alternates; /* texts of other chains of the certificate; NULL: none */
	size_t alternates_octets;
	char *replaces; /* ID of the certificate that this one replaces, for newOrder; NULL = not said */
	bool invited;   /* ... in the window that the CA suggested */
	struct ledger_order asks;
	struct order_limit limit; /* that put it off */

	struct order_name *name;
	size_t names;
	struct order_authz *authz; /* NULL before the order is known */
	size_t authzs;
	struct order_place *place;
	size_t places;
	struct order_member **member; /* groups.c: one a challenge name */
	size_t members;
	struct order_op *member_op;          /* waits for other members */
	struct loop_timer *gather;           /* ... and no longer than this */
	struct order_announced announced[2]; /* removals, additions */
	struct order_txt *left;              /* values of the resumed order that are not used again */
	size_t lefts;

	void (*won)(void *arg, struct order *o); /* NULL: it is published alone */
	struct order_op *publish_op;             /* of what waits for publication, or is under way */
	struct keeper_call *publish_call;
	struct order *other; /* is published with it */
	bool partial;

	struct loop_timer *poll;
	struct order_op *poll_op;
	uint64_t poll_at; /* when the CA is asked next */
	unsigned polls;
	bool ca_awaited; /* the deadline is the CA's: 10 minutes without a change there */
	char *kid;       /* the account URL that the last request for the order was made with */
	unsigned round, rounds;
	uint64_t live_until, caches_until;
	struct keeper_call *key_call;
	struct order_op *key_op; /* finalization waits for the key */
	size_t removing;         /* removals under way */
	bool removal_begun;
	int64_t retry_at; /* the CA asked to come back at that second, 0 = it said nothing */
	bool failed, misconfigured, owed, resumable, winding_down;
	enum order_fault fault; /* as far as it is known; NONE: it is not */
	bool rehearsal, put_off;
	bool trial; /* trial.c */
	struct order_blame blame;
	bool start_again, second_try; /* after cleaning, as the second try; this is it */
};

/* Registers an operation; the state does not end before order_op_end. */
struct order_op *order_op(struct order *o, size_t index);
void order_op_set(struct order_op *op, void *handle, void (*cancel)(void *handle));
/* Ends it; returns its index. The order goes on in a later turn when it was the last. */
size_t order_op_end(struct order_op *op);

/* Ends the order's way: an error event, then cleaning. The first failure counts. */
void order_fail(struct order *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void order_fail_config(struct order *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was won is kept: the row stays as it is, so that the next run goes on with this order. */
void order_fail_resumable(struct order *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void order_to_cleaning(struct order *o); /* as failed, without a word */
/* From the CA: failures that pass by themselves keep the order for the next run.
 * When the CA wants to be asked again is told. */
void order_fail_problem(struct order *o, const struct problem *p, const char *doing);

/* turn_then's `dropped`, with an op: the turn was not committed, nothing was sent. */
void order_not_written(void *op);

void order_event(struct order *o, enum event_level level, const char *event, json_t *more, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));

/* Cancels all operations of the present state. */
void order_ops_cancel(struct order *o);

/* A signed POST as an operation: fn gets the op, and ends it. payload and again as in acme_send. */
void order_post(struct order_op *op, const char *url, json_t *payload, enum acme_again again, acme_fn *fn);
void order_read(struct order_op *op, const char *url, acme_fn *fn);
/* What a Retry-After left for the order's next request, in this run or an earlier one; 0 = nothing. */
uint64_t order_later_ms(const struct order *o);
void order_told_later(struct order *o, uint64_t ms); /* by an answer that was no refusal */
/* How long the CA, which said "later", is left in peace yet; 0 = not so. */
uint64_t order_ca_left_ms(const struct order *o);
void order_op_stop(struct order_op *op); /* stops what it waits for; the op stays */
void order_wake(struct order *o);

/* Cancel functions for order_op_set(). */
void order_cancel_pool(void *call);
void order_cancel_sign(void *call);
void order_cancel_timer(void *timer);

/* waiting.c: what takes longer than 3 s is told, and again every 10 s: by each operation that can say what it waits
 * for, else by the state. */
void order_waiting_begin(struct order *o); /* at each new state */
void order_waiting_tell(void *order);      /* callback of o->waiting */

/* order_zones.c */
void order_find_zones(struct order *o);
void order_find_zone(struct order *o, size_t place);

/* groups.c */
void order_join_groups(struct order *o); /* its zones are known */
void order_make_room(struct order *o);   /* room for the values of this round, once others have gone */
void order_give_room(struct order *o);   /* its values are gone */
void order_gather(struct order *o);
void order_gather_over(void *order);     /* callback of o->gather */
void order_tell_groups(struct order *o); /* its state is another: nobody may wait for it any more */
void order_leave_groups(struct order *o);

/* order_values.c */
void order_put_values(struct order *o);
void order_spread_values(struct order *o);
void order_settle(struct order *o);
/* TXT values that are being added (else removed) now, for a person; fn gets each text. Returns how many. */
unsigned order_values_waiting(struct order *o, unsigned most, void (*fn)(struct order *o, const char *text));
void order_remove_values(struct order *o);  /* starts; counts in o->removing */
void order_hurry_removals(struct order *o); /* a signal came: 20 s are left */
void order_remove_round(struct order *o);   /* the same for the values of the present round */

/* blame.c: to be called before the failure is; the first counts. */
void order_blame_dns(struct order *o, const char *dns_account, enum pool_rc rc);
void order_blame_ca(struct order *o, const struct problem *p);
void order_has_fault(struct order *o, enum order_fault fault); /* once it fails, that is why */
void order_ca_works(struct order *o);
void order_dns_works(struct order *o, const char *dns_account);
/* True when a DNS account rests that it would use: the order is to end without having begun at the CA. */
bool order_puts_off(struct order *o);
void order_back_off(struct order *o); /* it has ended */

/* allowance.c */
/* True when a limit of the CA leaves no order now: this one is to end without having begun at the CA. */
bool order_is_limited(struct order *o);
void order_take_allowance(struct order *o); /* newOrder is about to be sent */
void order_take_issuance(struct order *o);  /* finalize is */
void order_count_refusals(struct order *o); /* of the CA, whose reasons are known */
bool order_says_replaces(const struct order *o);

/* trial.c */
bool order_goes_on_later(const struct order *o); /* it failed, and the next run goes on with it */
void order_tell_trial(struct order *o);          /* the keeper has found the certificate right */

/* order.c */
size_t order_place_for(struct order *o, const char *name); /* made if there is none */
void order_free_authzs(struct order *o);

/* order_authz.c */
void order_open_account(struct order *o);
void order_request(struct order *o); /* newOrder, or a look at the resumed one */
void order_authorize(struct order *o);
void order_post_challenges(struct order *o);
void order_deactivate(struct order *o);               /* pending authorizations that are given up */
bool order_keep(struct order *o, const json_t *json); /* the order as the CA shows it; false: failed */

/* order_poll.c */
void order_await(struct order *o); /* validation, issuance */
void order_poll_now(void *order);  /* callback of o->poll */
void order_tell_refusal(struct order *o);
void order_ca_moved(struct order *o);
/* The authorization as the CA shows it now; false if it cannot be read (then it is as before). */
bool order_keep_authz(struct order *o, size_t index, const json_t *json);

/* refusal.c */
/* The CA refused a validation (first: its reason, may be NULL): the order fails, or is tried a second time. */
void order_refused(struct order *o, const struct problem *first, const char *why);
void order_start_again(struct order *o); /* the second try, once all of the first is cleaned */

/* caches.c */
const char *order_directory(const struct order *o); /* URL, borrowed */
void order_note_seen(struct order *o); /* the CA's resolver has looked at the values of this round */
void order_outwait_caches(struct order *o);

/* order_issue.c */
void order_make_key(struct order *o);    /* begun early, awaited by order_finalize */
void order_discard_key(struct order *o); /* the order has ended without a certificate */
void order_finalize(struct order *o);
void order_download(struct order *o);

/* publication.c */
void order_publish(struct order *o);
