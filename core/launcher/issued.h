/* What `issue` made, by certificate ID: STATE/issued/ID.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct issued {
	struct strs names;
	char *ca, *key, *policy; /* account name; key type; spread policy */
	struct strs dns;         /* account names */
	unsigned ttl, timeout;   /* seconds */
	bool pending;            /* asked for, not known to be there yet */
};

/* Fills i. False with e empty when the ID is new, with e filled when its file is damaged. `pending` is
 * not kept where the certificate is there (the launcher was killed before it could write so). */
bool issued_load(struct issued *i, const char *state, const char *id, struct err *e);
bool issued_write(const struct issued *i, const char *state, const char *id, struct err *e);
void issued_free(struct issued *i);
