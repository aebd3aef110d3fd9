/* DNS accounts: a provider with its options, and what it may be used for. Remembered in
 * STATE/dns/ACCOUNT.json, so that a later run can remove leftovers without being told again. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/options.h"

struct dns_account {
	char *name; /* provider-<16 hex>, or of the configuration NAME-<16 hex>: FNV-1a 64 of canonical
	             * {"options":..,"provider":..}, its zones and for the latter its targets */
	char *provider;
	json_t *settings; /* by the table of keys: set (key -> value, or source of secret.h), zone,
	                   * cname_target, allow_readable */
	json_t *lacks; /* names of options that an older version stored as secrets themselves: they are gone,
	                   * and the account cannot be used; NULL when there are none */
	bool old;      /* its file is an older version's */
};

struct dns_accounts {
	struct dns_account *at;
	size_t n;
};

/* Reads all remembered ones; damaged files are named in `warnings` (one message each) and left out. Secrets that older
 * versions stored are removed from their files, which is told there, too. */
bool dns_accounts_load(struct dns_accounts *all, const char *state, struct strs *warnings, struct err *e);
void dns_accounts_free(struct dns_accounts *all);

struct dns_account *dns_accounts_find(const struct dns_accounts *all, const char *name); /* borrowed; NULL */

/* The provider's options; borrowed. */
json_t *dns_account_set(const struct dns_account *a);

/* The account that --dns and the options after it mean, and what the environment holds for required options
 * that were not given: found or added in all (not yet written). */
struct dns_account *dns_accounts_choose(struct dns_accounts *all, const struct dns_choice *choice,
                                        struct err *e);

/* The account NAME of the configuration as it is used: found or added in all (not yet written). Settings are
 * copied. */
struct dns_account *dns_accounts_configured(struct dns_accounts *all, const char *name, const char *provider,
                                            const json_t *settings);

/* Opens and closes every secret of it. */
bool dns_account_check(const struct dns_account *a, struct err *e);

/* It may write at these targets, too, and its files may be readable if that is said. */
void dns_account_extend(struct dns_account *a, const json_t *settings);

/* Writes a durably, united with what another run may have written meanwhile. */
bool dns_account_write(struct dns_account *a, const char *state, struct err *e);

/* The account as the configuration or the provider names it: the digest of its settings left out. New string. */
char *dns_account_label(const char *name);

/* Is it called so, in full or by its label? */
bool dns_account_is(const char *name, const char *label);

/* zones: array or NULL. New string. */
char *dns_account_name(const char *provider, const json_t *set, const json_t *zones);
