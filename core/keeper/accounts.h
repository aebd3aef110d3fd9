/* The accounts of this run that were used so far, each by its key and, where there is one, the key that is to take over. */
#pragma once

#include "keeper/account.h"
#include "keeper/setup.h"

struct accounts;

struct accounts *accounts_new(const struct setup *setup); /* setup is borrowed */
void accounts_free(struct accounts *all);                 /* NULL allowed */

/* Has it no key, and must none be made, because it is to be an account that is there (account_uri)? */
bool accounts_lacks(const struct accounts *all, const char *name);

/* Borrowed; its key is made where it is absent and may be. NULL with e when this run has no such account. */
struct account *accounts_get(struct accounts *all, const char *name, struct err *e);

/* The same account by its next key (rollover.h); NULL with e empty when there is none. */
struct account *accounts_next(struct accounts *all, const char *name, struct err *e);

/* Its keys are read anew the next time. */
void accounts_forget(struct accounts *all, const char *name);
