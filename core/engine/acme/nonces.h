/* Nonces of one CA (RFC 8555 section 7.2): a stack, so that the youngest is used first, filled by at
 * most ten newNonce requests at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/loop.h"

struct http;
struct nonces;
struct problem;

/* Told after each newNonce request: a nonce came (problem NULL), or there is no use in waiting (borrowed
 * problem, with the CA's Retry-After). Reads and writes of the requests' depth go through here too. */
struct nonces_owner {
	void (*arrived)(void *arg);
	void (*failed)(void *arg, const struct problem *problem, uint64_t retry_after_ms);
	/* Calls wait for a nonce, and the CA says "later". */
	void (*waits)(void *arg, const struct problem *problem, uint64_t ms);
	void (*later)(void *arg, const struct problem *problem, uint64_t ms); /* the CA's own Retry-After */
	unsigned (*sent)(void *arg);                 /* a request goes out; returns its depth */
	void (*answered)(void *arg, unsigned depth); /* its answer is here */
	void *arg;
};

struct nonces *nonces_new(struct loop *l, struct http *http, const char *url,
                          const struct nonces_owner *owner);
/* No newNonce for that long: an earlier run was told so. 0: nothing is held. */
void nonces_hold(struct nonces *p, uint64_t ms);
void nonces_free(struct nonces *p); /* NULL allowed */

/* Keeps a nonce that an answer carried; NULL and what is no base64url text are dropped. */
void nonces_add(struct nonces *p, const char *nonce);

/* The youngest nonce, new; NULL when there is none that is under five minutes old. */
char *nonces_take(struct nonces *p);

/* Sends newNonce requests as long as they are of use: while fewer than `target` nonces are in
 * circulation (here, in `flying` POSTs that will each bring one, or asked for), or `waiting` calls have
 * none. To be called after every change. */
void nonces_fill(struct nonces *p, size_t target, size_t flying, size_t waiting);
