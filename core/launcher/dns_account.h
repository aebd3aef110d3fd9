/* DNS accounts: a provider with its options, and what it may be used for. Remembered in
 * STATE/dns/ACCOUNT.json, so that a later run can remove leftovers without being told again. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/options.h"

struct dns_account {
	char *name; /* provider-<16 hex>: FNV-1a 64 of canonical {"options":..,"provider":..} */
	char *provider;
	json_t *options; /* object: key -> value, or source (secret.h) */
	struct strs zones, targets, servers, resolvers;
};

struct dns_accounts {
	struct dns_account *at;
	size_t n;
};

/* Reads all remembered ones; damaged files are named in `damaged` (one message each) and left out. */
bool dns_accounts_load(struct dns_accounts *all, const char *state, struct strs *damaged, struct err *e);
void dns_accounts_free(struct dns_accounts *all);

struct dns_account *dns_accounts_find(const struct dns_accounts *all, const char *name); /* borrowed; NULL */

/* The account that --dns, --set and --target mean, and what the environment holds for required options
 * that were not given: found or added in all (not yet written). */
struct dns_account *dns_accounts_choose(struct dns_accounts *all, const struct dns_choice *choice,
                                        struct err *e);

/* Opens and closes every secret of it. */
bool dns_account_check(const struct dns_account *a, struct err *e);

/* Unites what is given with what a has; resolvers, when given, replace. */
void dns_account_extend(struct dns_account *a, const struct strs *targets, const struct strs *servers,
                        const struct strs *resolvers);

/* Writes a durably, united with what another run may have written meanwhile. */
bool dns_account_write(struct dns_account *a, const char *state, struct err *e);

char *dns_account_name(const char *provider, const json_t *options); /* new string */
