/* Until when a CA wants to be left in peace (Retry-After), kept from run to run: in the table backoff, class "later". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct turn;

/* What a request is about. newOrder is about its set of names, as a JSON list. */
#define ABOUT_CA         "CA"          /* all that is asked of it */
#define ABOUT_NONCES     "newNonce"    /* of a new session; others have nonces from answers */
#define ABOUT_ADVICE     "renewalInfo" /* when to renew */
#define ABOUT_REVOCATION "revokeCert"
#define ABOUT_ACCOUNT    ""        /* all that our account asks */
#define ABOUT_ORDER      "order "  /* and the set of names: what is asked for an order that is there */
#define ABOUT_DOMAIN     "domain " /* and the domain: newOrder for any name at or below it */

/* So many sets of names that were told to wait, and it is taken for the account's limit: as SQL has it, and what such a
 * wait is about where it is reported. */
#define CA_WAIT_SETS_MEAN_ALL "3"
#define ABOUT_NEW_ORDERS      "newOrder"

/* Whom a wait holds: the CA by its directory's URL, or our account there. */
struct ca_wait_of {
	const char *directory, *account;
};

/* The CA, its nonces and its advice hold whatever account asks; all else is the account's. */
void ca_wait_store(struct turn *t, const struct ca_wait_of *of, const char *about, uint64_t ms);

/* How long such requests are not sent yet, 0 = they may be. Whatever holds the CA or the account holds them too, and
 * newOrder whatever holds the domain of one of its names; and what newOrder for three sets of names was told counts for
 * newOrder at all. */
uint64_t ca_wait_left_ms(struct turn *t, const struct ca_wait_of *of, const char *about);

/* The domain whose wait holds newOrder for the names (JSON list) longest; new, NULL when none does. */
char *ca_wait_domain(struct turn *t, const char *account, const char *names);

/* A certificate for the names (JSON list) was issued: what its order was told is of no use any more. */
void ca_wait_over(struct turn *t, const char *account, const char *names);
