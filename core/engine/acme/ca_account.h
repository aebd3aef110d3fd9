/* Our account at one CA: its session, its key in the keeper, its URL (RFC 8555 section 7.3). */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/loop.h"
#include "engine/acme/acme.h"
#include "engine/acme/problem.h"
#include "engine/peers/job.h"

struct ca_account;
struct launcher;
struct lookup;
struct keeper;
struct turn;

struct ca_account_wish {
	const char *name;      /* of the key in the keeper */
	const char *directory; /* URL */
	const char *bundle;    /* CA certificates to trust, or NULL */
	const char *email;     /* or NULL */
	bool agree_tos;
	bool eab;                          /* the keeper has a key of the CA's for external account binding */
	const char *proxy;                 /* http://HOST:PORT, or NULL */
	const char *source, *family;       /* as net/http.h has them, or NULL */
	const char *kid;                   /* known account URL, or NULL: it is registered at first use */
	const char *account_uri;           /* the only account that may be used, or NULL: none is made then */
	struct bucket_limit registrations; /* of the CA, kept by its directory */
	bool existing; /* it is looked up by its key, whatever is known, and never registered */
	bool import;   /* its key is another client's: the keeper keeps it once the CA has said whose it is */
};

/* Everything is borrowed for the account's life, the strings are copied. NULL with e if the bundle
 * cannot be read. */
struct ca_account *ca_account_new(struct loop *l, struct lookup *lookup, struct keeper *keeper,
                                  struct turn *turn, struct launcher *launcher,
                                  const struct ca_account_wish *wish, struct err *e);
void ca_account_free(struct ca_account *a); /* NULL allowed; forgets who waits */

/* Directory, key and account URL made ready, once for all who ask. fn gets NULL or the problem; it is
 * called once, never from inside. `nonces` is how many requests will soon be sent at once. */
typedef void ca_account_fn(void *arg, const struct problem *problem);
void ca_account_open(struct ca_account *a, unsigned nonces, ca_account_fn *fn, void *arg);
void ca_account_forget_waiter(struct ca_account *a, void *arg);

/* The CA refused a request that named the account URL `kid`, with a problem that may mean that URL and key do
 * not belong together (the key was lost, the CA was reset). True: to be tried again after ca_account_open,
 * which asks the CA once a run which account the key has, and registers it if it has none. False: the URL
 * was found right in this run, so the problem is another. */
bool ca_account_doubt(struct ca_account *a, const char *kid, const struct problem *problem);

/* A request that changes the account's key was answered, somehow: ca_account_open asks the CA which of the two keys has the
 * account now. */
void ca_account_recheck(struct ca_account *a);
bool ca_account_has_new_key(const struct ca_account *a); /* it was found so since then */

struct acme *ca_account_acme(const struct ca_account *a);
const char *ca_account_name(const struct ca_account *a);
