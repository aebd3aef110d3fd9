/* Accounts at CAs, as far as the launcher knows them: STATE/ca/ACCOUNT.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/options.h"

struct authority {
	char *name;      /* letsencrypt, letsencrypt-staging, or host-port-<16 hex of the URL> */
	char *directory;
	char *bundle, *email; /* NULL: none */
	bool agree_tos;
};

struct authorities {
	struct authority *at;
	size_t n;
};

bool authorities_load(struct authorities *all, const char *state, struct strs *damaged, struct err *e);
void authorities_free(struct authorities *all);
struct authority *authorities_find(const struct authorities *all, const char *name);

/* The CA that the options mean (`remembered`: account name when --ca was not given, or NULL), with
 * --ca-bundle, --email and --agree-tos applied: found or added in all (not yet written). Refuses a CA whose
 * terms of service are not agreed to. */
struct authority *authorities_choose(struct authorities *all, const struct options *o,
				     const char *remembered, struct err *e);

bool authority_write(const struct authority *a, const char *state, struct err *e);

/* Account name and directory of --ca; new strings. */
bool authority_name(const char *ca, char **name, char **directory, struct err *e);
