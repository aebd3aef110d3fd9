/* The session with one CA: directory, nonce pool, signed POSTs (RFC 8555 section 6). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/loop.h"
#include "engine/acme/answer.h"
#include "engine/acme/directory.h"

struct acme;
struct acme_call;
struct http;
struct keeper;

/* http and keeper are borrowed. account names the key in the keeper. */
struct acme *acme_new(struct loop *l, struct http *http, struct keeper *keeper, const char *directory_url,
                      const char *account);
void acme_free(struct acme *a); /* cancels without calling back; NULL allowed */

/* Fetches the directory (once) and starts to fill the nonce pool with about `nonces`; fn gets status
 * 200 or a problem. Refuses a clock more than a day off the CA's Date. */
struct acme_call *acme_open(struct acme *a, unsigned nonces, acme_fn *fn, void *arg);
const struct acme_directory *acme_directory(const struct acme *a); /* NULL before */

/* The account URL, used as kid from then on (copied). */
void acme_set_kid(struct acme *a, const char *kid);
const char *acme_kid(const struct acme *a);

/* More nonces will be needed at once (e.g. as many as there are authorizations): fills the pool with
 * at most 10 newNonce requests at a time. */
void acme_want_nonces(struct acme *a, unsigned n);

/* A signed POST to url. payload NULL = POST-as-GET, else an object (reference stolen). With jwk the
 * header carries the key instead of the kid (newAccount). badNonce is retried with the nonce it came
 * with: 100 tries or 60 s, from the 11th on with a pause. fn is called once, never from inside. */
struct acme_call *acme_post(struct acme *a, const char *url, json_t *payload, bool jwk, acme_fn *fn,
                            void *arg);
void acme_cancel(struct acme_call *c);

/* How many request-answer steps lay one after another so far (for the bench): the depth of the
 * longest chain of dependent requests. */
unsigned acme_requests(const struct acme *a);
