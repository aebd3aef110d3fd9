/* Accounts at CAs, as far as the launcher knows them: STATE/ca/ACCOUNT.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/options.h"

struct ca_account {
	char *name; /* letsencrypt, letsencrypt-staging, or host-port-<16 hex of the URL> */
	char *directory;
	char *bundle, *email; /* NULL: none */
	bool agree_tos;
};

struct ca_accounts {
	struct ca_account *at;
	size_t n;
};

bool ca_accounts_load(struct ca_accounts *all, const char *state, struct strs *damaged, struct err *e);
void ca_accounts_free(struct ca_accounts *all);
struct ca_account *ca_accounts_find(const struct ca_accounts *all, const char *name);

/* The CA that the options mean (`remembered`: account name when --ca was not given, or NULL), with
 * --ca-bundle, --email and --agree-tos applied: found or added in all (not yet written). Refuses a CA whose
 * terms of service are not agreed to. */
struct ca_account *ca_accounts_choose(struct ca_accounts *all, const struct options *o,
                                      const char *remembered, struct err *e);

bool ca_account_write(const struct ca_account *a, const char *state, struct err *e);

/* Account name and directory of --ca; new strings. */
bool ca_account_name(const char *ca, char **name, char **directory, struct err *e);
