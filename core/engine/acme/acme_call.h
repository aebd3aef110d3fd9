/* One request to the CA from acme_send() to its answer: nonce, signature, POST, and again when it must
 * be. The session it belongs to stands here too, for acme.c. */
#pragma once

#include "common/loop.h"
#include "engine/acme/acme.h"
#include "engine/acme/answer.h"
#include "engine/acme/directory.h"
#include "engine/acme/nonces.h"
#include "engine/acme/patience.h"

/* A call's way: OPEN is for acme_open; the others are for a POST, which goes round from NONCE to POST
 * until its answer is one for the caller. */
enum step { STEP_OPEN, STEP_NONCE, STEP_SIGN, STEP_POST, STEP_PAUSE, STEP_OVER };

struct acme_call {
	struct acme *acme;
	struct acme_call *prev, *next;
	struct acme_call *nonce_prev, *nonce_next; /* in the line for a nonce */
	enum step step;
	acme_fn *fn;
	void *arg;
	char *url, *payload; /* payload "" = POST-as-GET */
	char *about;
	bool jwk, next_key;
	enum acme_again again;
	char *nonce;
	struct keeper_call *signing;
	struct http_call *posting;
	struct loop_timer *timer;
	bool paused;                             /* for its own Retry-After, or one it was told of */
	unsigned nonces_refused, repeats, depth; /* repeats: though the CA may have acted */
	uint64_t pause_until;                    /* of STEP_PAUSE */
	struct patience patience;
	struct problem *problem; /* of STEP_OVER; NULL when all is well */
	uint64_t retry_after_ms;
};

struct acme {
	struct loop *loop;
	struct http *http;
	struct keeper *keeper;
	char *url, *account, *kid;
	struct acme_directory *directory;
	struct http_call *fetching;
	struct loop_timer *fetch_again;
	struct patience fetch_patience;
	unsigned fetch_depth;
	struct acme_memory memory;
	acme_waits_fn *waits;
	void *waits_arg;
	bool opening;
	uint64_t held_until; /* nonces or directory come no sooner */
	struct nonces *nonces;
	size_t target;          /* nonces that should circulate */
	size_t waiting, flying; /* calls without and with a nonce */
	unsigned depth;
	struct acme_call *first, *last;
	struct acme_call *nonce_first, *nonce_last; /* those in STEP_NONCE */
};

/* A call at the end of a's line, in STEP_OPEN. */
struct acme_call *acme_call_new(struct acme *a, acme_fn *fn, void *arg);
void acme_call_free(struct acme_call *c);

/* NULL, or the refusal of a request that is to wait so long that there is no use in it. */
struct problem *acme_problem_held(uint64_t left_ms);

/* Sends it on its way, once the CA's waits about it are over: url, payload, about and jwk are set. */
void acme_call_start(struct acme_call *c);

/* Ends the call in the next turn with a problem (now owned; NULL = status 200). */
void acme_call_over(struct acme_call *c, struct problem *problem, uint64_t retry_after_ms);

/* Gives waiting calls the nonces there are, then has more fetched if that is of use. */
void acme_nonces_hand_out(struct acme *a);

void acme_depth_reached(struct acme *a, unsigned depth);

/* Tells that a request waits: what (url, or NULL), how long. */
void acme_tell_wait(const struct acme *a, const char *url, const struct problem *why, uint64_t ms);
