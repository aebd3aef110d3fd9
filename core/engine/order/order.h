/* One order's way from the names to the published certificate (RFC 8555 section 7.4), and back out of
 * it: whatever happens, every TXT value it put is taken away or stays in the journal. */
#pragma once

#include <stdbool.h>

#include "engine/limits/ledger.h"
#include "engine/order/world.h"
#include "engine/journal/orders.h"
#include "engine/txt/txt.h"

struct order;

enum order_end {
	ORDER_DONE,
	ORDER_DONE_OWED,     /* published, but a TXT value is not proved gone */
	ORDER_NOT_DONE,      /* message was given as an event */
	ORDER_MISCONFIGURED, /* the operator must change an option */
	ORDER_PUT_OFF, /* its DNS account rests (world.h), or a limit of the CA leaves no order (order_limit): no
	                  newOrder was sent, nothing is told or written */
};

/* At which account an order failed, where others would fail alike: "ca NAME", "dns NAME", or "" for none; kind: what
 * failures that are alike have in common. */
struct order_blame {
	char account[264], kind[64];
};

typedef void order_fn(void *arg, struct order *o, enum order_end end);

/* cert, resolution and account are borrowed. resumed: row of a dead run to go on with, or NULL; left: its TXT values (stolen,
 * array stolen). fn is called once, never from inside a call of ours; it may free the order. */
struct order *order_new(struct world *e, const struct job_cert *cert, struct resolution *resolution,
                        struct ca_account *account, const struct order_row *resumed, struct txt **left,
                        size_t lefts, order_fn *fn, void *arg);

/* What it succeeds. */
struct order_succession {
	const char *
	    cert_id; /* ID (RFC 9773 section 5) of the certificate that it replaces, from the same CA; or NULL */
	bool renewal, invited, urgent; /* of limits/ledger.h */
};

/* The ID is said to a CA that knows of such IDs; one that refuses it is asked once more without. Else it succeeds
 * nothing. */
void order_succeeds(struct order *o, const struct order_succession *s);

/* It is a trial, made before the loop goes on: of order_new without `resumed`, at the certificate's staging account. */
void order_try(struct order *o);
/* It has failed, and for the CA's own reasons: that says nothing of an order at another. */
bool order_trial_is_moot(const struct order *o);

/* Its key's type, where it is not the certificate's first; at once after order_new. */
void order_has_key(struct order *o, const char *type);

/* Its certificate is published together with that of another key type: once it is there, won is told, and the order
 * waits for one of the two below. */
void order_waits_for_other(struct order *o, void (*won)(void *arg, struct order *o));
bool order_has_won(const struct order *o); /* and waits */

/* Publishes it, and that of `other` in the same generation (NULL: the keeper leaves there what is good); both end then.
 * One of which the keeper says that it is wrong ends, and the other waits again. partial: an order for the other key
 * type failed, so that the failure is to rest. */
void order_publish_with(struct order *o, struct order *other, bool partial);
void order_leave(struct order *o); /* what it has won is for the next run */

/* A limit that put it off (ORDER_PUT_OFF), JOB_LIMITS: none did; until: from then on another is allowed. */
struct order_limit {
	enum job_limit_kind kind;
	int64_t until;
};
struct order_limit order_limit(const struct order *o);

/* Only its first step: finds each name's zone and the DNS account that serves it, and asks the provider whether it may
 * write there. Nothing is written, and the CA hears nothing. fn as above. */
struct order *order_rehearse(struct world *e, const struct job_cert *cert, struct resolution *resolution,
                             order_fn *fn, void *arg);

void order_free(struct order *o); /* NULL allowed */

/* fn is told the accounts that did their part: the CA's when it has opened the order, a DNS account when it has taken
 * a value. */
void order_on_work(struct order *o, void (*fn)(void *arg, const char *account));

/* Once it has ended; borrowed. For ORDER_PUT_OFF: which account rests. */
const struct order_blame *order_blame(const struct order *o);
const char *order_error(const struct order *o); /* why it failed; NULL allowed */

/* Whose fault it was that it failed. The CA's is also what leaves it resumable: "later", and silence. */
enum order_fault {
	ORDER_FAULT_NONE, /* it has not failed, or what it has won waits for better times here */
	ORDER_FAULT_CA,
	ORDER_FAULT_ZONES, /* its names': they are not registered, or their chains are wrong */
	ORDER_FAULT_NAMES, /* its names': the CA issues for none such */
	ORDER_FAULT_OTHER,
};
enum order_fault order_fault(const struct order *o);

/* No new work: a posted challenge gets 10 s more, then the TXT values are removed (20 s). */
void order_wind_down(struct order *o);

/* The journal cannot be written any more: only deletions go on. */
void order_broken(struct order *o, const char *why);
