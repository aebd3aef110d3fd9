/*
 * A CA account or DNS account gets another name. What is kept under the name is first there under both, then follows,
 * and then the old one goes; a file beside the account's, STATE/ca/NAME.renamed, says from before the first step to
 * after the last what is under way, so that the same command goes on after whatever ended it.
 */
#pragma once

#include "launcher/exit_code.h"
#include "launcher/inventory.h"
#include "launcher/options.h"
#include "launcher/processes.h"

enum renaming_kind { RENAMING_CA, RENAMING_DNS };

struct renaming {
	enum renaming_kind kind;
	const char *state;     /* folder */
	const char *from, *to; /* of DNS accounts: labels (dns_account.h) */
};

/* Reads accounts and configuration for the command, once nobody else works with the accounts; inventory_free in any case.
 * EXIT_DONE, or the exit code with e. */
enum exit_code renaming_open(const char *state, const struct options *o, struct inventory *i, struct err *e);

/* May an account be called so? */
bool renaming_name_fine(enum renaming_kind kind, const char *name, struct err *e);

bool renaming_is_begun(const struct renaming *r);
bool renaming_begin(const struct renaming *r, struct err *e);
bool renaming_end(const struct renaming *r, struct err *e); /* this one and its opposite */

/* The name that `name` gets, or had, by a rename that is begun; new, NULL: there is none. */
char *renaming_other(enum renaming_kind kind, const char *state, const char *name);

/* Has what `issue` remembers, and what else refers to accounts, name `to`; both names in full. */
bool renaming_refer(const struct renaming *r, const char *from, const char *to, struct err *e);

/* state.db: renames the rows of each, in one transaction; `keep`: they are copied. */
struct processes_result renaming_rows(const struct renaming *r, const struct job_rename *names, size_t n,
                                      const struct options *o);

/* Test hook: with DNSPROOF_STOP=rename-STEP the launcher ends itself there by SIGKILL. */
void renaming_stop_point(const char *step);
