/* http.h and sign.h without a network: a scripted CA in virtual time, for test_acme. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/loop.h"
#include "engine/net/http.h"

struct world {
	struct loop *loop;
	unsigned rtt_ms;
	/* what the CA does */
	const char *date;      /* of the directory's answer; NULL = none, "" = now */
	const char *directory; /* its body; NULL = a good one */
	int directory_status;
	unsigned directory_failures; /* so many fetches of it are answered so first; 0 = not reached */
	int directory_failure;
	unsigned refuse_percent; /* of good nonces */
	bool refuse_without_nonce;
	unsigned nonce_limit;    /* newNonce a second, burst 10; 0 = none */
	unsigned nonce_failures; /* so many newNonce answers are 503 (UINT_MAX: all) */
	const char *nonce_retry_after;
	unsigned lose; /* so many POSTs get no answer */
	bool lose_before_sending;
	unsigned later; /* so many POSTs are answered with later_status, in HTML */
	int later_status;
	const char *keeper_error;
	int status; /* of POST answers; 0 = 200 */
	const char *type, *body, *location, *retry_after, *link;
	/* what was seen */
	unsigned gets, heads, posts, heads_at_once, heads_at_once_most, bad_nonces, nonces_given;
	bool kid_missing_jwk; /* the last signature asked for had neither */
	char last_kid[128], last_payload[256];
	unsigned long used[40000 / 64 + 1];
	double tokens;
	uint64_t tokens_at;
};

extern struct world world;

void world_start(void); /* a fresh world, a fresh loop */
