/* The session with one CA: directory, nonce pool, signed POSTs (RFC 8555 section 6). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/loop.h"
#include "engine/acme/answer.h"
#include "engine/acme/directory.h"

struct acme;
struct acme_call;
struct http;
struct problem;
struct keeper;

/* http and keeper are borrowed. account names the key in the keeper. */
struct acme *acme_new(struct loop *l, struct http *http, struct keeper *keeper, const char *directory_url,
                      const char *account);
void acme_free(struct acme *a); /* cancels without calling back; NULL allowed */

/* Fetches the directory (once) and starts to fill the nonce pool with about `nonces`; fn gets status
 * 200 or a problem. Refuses a clock more than a day off the CA's Date. */
struct acme_call *acme_open(struct acme *a, unsigned nonces, acme_fn *fn, void *arg);
const struct acme_directory *acme_directory(const struct acme *a); /* NULL before */

/* Told when a request has to wait because the CA says "later" (text: why and how long); may be NULL. */
typedef void acme_waits_fn(void *arg, const char *text, uint64_t ms);
void acme_on_wait(struct acme *a, acme_waits_fn *fn, void *arg);

/* What keeps a CA's Retry-After for later runs, and knows what earlier ones were told (journal/ca_waits.h). NULL: nothing
 * does. */
struct acme_memory {
	void (*later)(void *arg, const char *about, uint64_t ms);
	uint64_t (*left_ms)(void *arg, const char *about);
	void *arg;
};
void acme_remember(struct acme *a, const struct acme_memory *memory); /* copied */

/* The CA asked for that long: at a request about that, or, where the problem is a page of its CDN, for all of it, or,
 * where it is about one domain (domain_limit.h), for that.
 * problem: NULL when it was no refusal. */
void acme_told_later(struct acme *a, const char *about, const struct problem *problem, uint64_t ms);
/* Until when requests about that wait, in milliseconds from now; 0 = they do not. */
uint64_t acme_later_ms(const struct acme *a, const char *about);

/* How long the request (NULL: the one that waits longest) waits yet because the CA said "later"; 0 = it does not. */
uint64_t acme_left_ms(const struct acme *a, const struct acme_call *c);

/* The account URL, used as kid from then on (copied). */
void acme_set_kid(struct acme *a, const char *kid);
const char *acme_kid(const struct acme *a);

/* More nonces will be needed at once (e.g. as many as there are authorizations): fills the pool with
 * at most 10 newNonce requests at a time. */
void acme_want_nonces(struct acme *a, unsigned n);

/* What is done when the CA says "later" with a 5xx, or gives no answer: it may have acted. A 429, a load
 * shedding 503 (rateLimited) and a connection that was never made are sent again whatever this says. */
enum acme_again {
	ACME_AGAIN,      /* repeated: reading, and newAccount, whose key finds the account */
	ACME_AGAIN_ONCE, /* newOrder: a second order is a small price, a third is not paid */
	ACME_LOOK_FIRST, /* challenge, finalize: the answer is given with maybe_done, and the caller looks
	                    at the resource first, since a second POST would start a second validation */
};

struct acme_request {
	const char *url;
	json_t *payload; /* NULL = POST-as-GET, else an object (reference stolen) */
	bool jwk;        /* the header carries the key instead of the kid (newAccount) */
	bool next;       /* with jwk: the key that is to take over (ca_account.h) */
	enum acme_again again;
	const char *about; /* for a Retry-After (copied); NULL = the account */
};

/* Sends a signed POST. badNonce is retried with the nonce it came with: 100 tries, from the 11th on with a
 * pause. "Later" is answered with patience: again after Retry-After, else with growing pauses, for ten
 * minutes in all; a Retry-After that reaches beyond is given to fn at once, and so is what is left of one that an earlier
 * request was told. fn is called once, never from inside. */
struct acme_call *acme_send(struct acme *a, const struct acme_request *request, acme_fn *fn, void *arg);
struct acme_call *acme_read(struct acme *a, const char *url, const char *about, acme_fn *fn,
                            void *arg); /* POST-as-GET */
void acme_cancel(struct acme_call *c);

/* How many request-answer steps lay one after another so far (for the bench): the depth of the
 * longest chain of dependent requests. */
unsigned acme_requests(const struct acme *a);
