/* A keeper that looks at one pair of another client, and publishes it. It alone reads keys and certificates. */
#pragma once

#include <jansson.h>
#include <sys/types.h>

#include "common/buf.h"
#include "common/err.h"

struct adopter {
	pid_t keeper;
	int fd;
	struct buf rest;
	json_int_t id;
};

/* pair: {"key", "chain", "issuers", "directory"} as the keeper takes them (keeper/setup.h), stolen. False with e.
 * adopter_end in any case. */
bool adopter_start(struct adopter *a, const char *state, json_t *pair, struct err *e);

/* What the pair is: new object {names, type, not_before, not_after, issuer}; NULL with e. */
json_t *adopter_look(struct adopter *a, struct err *e);

/* Publishes it; false with e. */
bool adopter_publish(struct adopter *a, const char *id, struct err *e);
void adopter_end(struct adopter *a);
