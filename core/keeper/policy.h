/* What may be signed: a payload is known by its members, everything else is refused. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "keeper/setup.h"

struct policy {
	const struct setup *setup;
	const json_t *csrs; /* object whose keys are the requests (base64url DER) that this run made */
	const json_t
	    *bindings; /* object whose keys are the signatures of external account bindings of this run */
	const json_t
	    *rollovers; /* object whose keys are the signatures of inner JWS of this run: their URL */
	const json_t
	    *revocations; /* object whose keys are the certificates (base64url DER) that this run may revoke:
	                              {"reason", "own_key", ...} */
	const json_t **revocation;       /* out: that of the payload, if it is one */
	const char *url, *kid, *payload; /* kid NULL: signed with jwk */
};

/* True if the payload is one that this run may send; else false with e saying why not. */
bool policy_check(const struct policy *p, struct err *e);
