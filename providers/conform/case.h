/* A case file of the conformance kit: one provider and where it is tried (dnsproof-provider(7)). */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

struct conform_case {
	char *provider;
	char *zone;  /* where it is tried */
	char *name;  /* the owner in it */
	char *apex;  /* a zone that is itself an _acme-challenge name; NULL: there is none */
	char *wrong; /* a zone that is not in the account */
	unsigned ttl, ms;
	struct strs foreign; /* values of others at `name` */
	json_t *options;     /* key -> text as typed: "${word}", "file:/path", "env:NAME" or the value */
	json_t *bad_options; /* what differs when the credentials are wrong; NULL: made of the secrets */
	json_t *results;     /* fault -> list of results that are right besides */
	json_t *lacks;       /* what the API cannot do -> why */
	char *control;       /* URL of a fake's control endpoint, or NULL */
	char *look, *plant, *reset; /* shell commands that stand for it, or NULL */
};

/* New, to be freed; NULL with e ("FILE: trouble"). */
struct conform_case *conform_case_read(const char *path, struct err *e);
void conform_case_free(struct conform_case *c); /* NULL allowed; wipes the options */

/* Why the API cannot do `what`, or NULL if it can. */
const char *conform_case_lacks(const struct conform_case *c, const char *what);

/* May a call under this fault end so, though the kit expects something else? */
bool conform_case_permits(const struct conform_case *c, const char *fault, const char *rc);
