/* Our account at one CA: its session, its key in the keeper, its URL (RFC 8555 section 7.3). */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/loop.h"
#include "engine/acme.h"
#include "engine/problem.h"

struct account;
struct lookup;
struct sign;
struct turn;

struct account_wish {
	const char *name;      /* of the key in the keeper */
	const char *directory; /* URL */
	const char *bundle;    /* CA certificates to trust, or NULL */
	const char *email;     /* or NULL */
	bool agree_tos;
	const char *kid; /* known account URL, or NULL: it is registered at first use */
};

/* Everything is borrowed for the account's life, the strings are copied. NULL with e if the bundle
 * cannot be read. */
struct account *account_new(struct loop *l, struct lookup *lookup, struct sign *sign, struct turn *turn,
			    const struct account_wish *wish, struct err *e);
void account_free(struct account *a); /* NULL allowed; forgets who waits */

/* Directory, key and account URL made ready, once for all who ask. fn gets NULL or the problem; it is
 * called once, never from inside. `nonces` is how many requests will soon be sent at once. */
typedef void account_fn(void *arg, const struct problem *problem);
void account_open(struct account *a, unsigned nonces, account_fn *fn, void *arg);
void account_forget_waiter(struct account *a, void *arg);

/* The CA says that it does not know the account: registered again with the same key at the next
 * account_open. False if that was done before in this run. */
bool account_lost(struct account *a);

struct acme *account_acme(const struct account *a);
const char *account_name(const struct account *a);
