/* Accounts at CAs, as far as the launcher knows them: STATE/ca/ACCOUNT.json. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/options.h"

struct ca_account {
	char *name; /* of the configuration, of a preset, or host-port-<16 hex of the URL> */
	char *directory;
	json_t *settings;   /* by the table of keys: ca_bundle, proxy, email, agree_tos, eab_kid, eab_key */
	json_t *remembered; /* the settings as they were read, for a note of changes; NULL: not kept */
	json_t *limits;     /* of the configuration, as they stand there; NULL: none */
	bool configured;    /* the configuration has it */
	bool tried;         /* no run with it has worked yet: what is remembered serves the clean-up only */
};

struct ca_accounts {
	struct ca_account *at;
	size_t n;
};

bool ca_accounts_load(struct ca_accounts *all, const char *state, struct strs *damaged, struct err *e);
void ca_accounts_free(struct ca_accounts *all);
struct ca_account *ca_accounts_find(const struct ca_accounts *all, const char *name);

/* The CA that the options mean (`remembered`: account name when --ca was not given, or NULL), with the
 * options of a CA account applied: found or added in all (not yet written). Refuses a CA whose
 * terms of service are not agreed to, and one that needs an external account binding without it. */
struct ca_account *ca_accounts_choose(struct ca_accounts *all, const struct options *o,
                                      const char *remembered, struct err *e);

/* What an account at another CA takes over from a: all settings but what is for one CA, as a binding is. New. */
json_t *ca_account_shared(const struct ca_account *a);

/* The account that `--backup-ca WORD` means beside the certificate's first: found, else added (not yet written) with what
 * it takes over. Refused like that of ca_accounts_choose, and where it is the first itself. Pointers into all are void
 * then. */
struct ca_account *ca_accounts_backup(struct ca_accounts *all, const char *first, const char *word,
                                      struct err *e);

/* Adds the account NAME of the configuration; settings are stolen, limits (NULL allowed) are not. */
void ca_accounts_configured(struct ca_accounts *all, const char *name, const char *directory,
                            json_t *settings, json_t *limits);

/* The account of that name, found or added in all, as `wanted` of the configuration is. NULL with e when it has been at
 * another CA. */
struct ca_account *ca_accounts_take(struct ca_accounts *all, const struct ca_account *wanted, struct err *e);

/* The account of that name, or the one that a preset's name or a directory's URL means; NULL. */
struct ca_account *ca_accounts_meant(const struct ca_accounts *all, const char *word);

/* The same; one that is not known yet is added (not written) for what needs no account. NULL with e. */
struct ca_account *ca_accounts_at(struct ca_accounts *all, const char *word, struct err *e);

/* The account whose directory that is; NULL. */
struct ca_account *ca_accounts_of(const struct ca_accounts *all, const char *directory);

/* Takes new settings over those of a, by the names of the table of keys; false with e. */
bool ca_account_apply(struct ca_account *a, const json_t *given, struct err *e);

/* Forgets a: its file goes, its key is kept as STATE/keys/NAME.pem.deactivated. */
bool ca_account_retire(const struct ca_account *a, const char *state, struct err *e);

bool ca_account_write(const struct ca_account *a, const char *state, struct err *e);

/* Account name and directory of --ca; new strings. */
bool ca_account_name(const char *ca, char **name, char **directory, struct err *e);

/* The CA in words: its preset's label, or host and port of its directory. New string. */
char *ca_account_label(const struct ca_account *a);
