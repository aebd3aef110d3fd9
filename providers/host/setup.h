/* What a provider host is started with: from the setup document of the launcher, or from arguments. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "policy.h"

struct setup {
	char *provider;
	char *modules;     /* folder, NULL: the compiled-in one */
	char *descriptors; /* folder, NULL: the operator's and the shipped one */
	struct givens options;
	struct policy policy; /* with the account's name */
	int verbose;
	int go; /* socket on which the launcher says when to serve (go.h), 0: at once and without locks */
};

/* Reads the document from fd until its end (JSON objects one after the other, so that lists of zones and
 * targets go on in further ones; 64 MiB at most) and the secrets from the descriptors it names; closes all of these. False with e, which names the account where it is known. */
bool setup_read(struct setup *s, int fd, struct err *e);
void setup_free(struct setup *s); /* wipes the values */
