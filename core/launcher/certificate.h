/* What `issue` made, by certificate ID: STATE/issued/ID.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct certificate {
	struct strs names;
	char *ca, *key, *policy; /* account name; key type; spread policy */
	struct strs dns;         /* account names */
	unsigned ttl, timeout;   /* seconds */
	bool pending;            /* asked for, not known to be there yet */
};

/* Fills i. False with e empty when the ID is new, with e filled when its file is damaged. `pending` is
 * not kept where the certificate is there (the launcher was killed before it could write so). */
bool certificate_load(struct certificate *i, const char *state, const char *id, struct err *e);
bool certificate_write(const struct certificate *i, const char *state, const char *id, struct err *e);
void certificate_free(struct certificate *i);
