/* The staging environment of a CA, where everything can be tried: its own account, for certificates that nobody trusts
 * and that are not published. */
#pragma once

#include "launcher/ca_account.h"

/* The account at the staging environment of the account NAME of all: NAME-staging, found, else added with NAME's
 * settings; `configured`: those of the configuration, where NAME-staging may have settings of its own. A test CA is its
 * own. It may have to be written. NULL with e, which says what is to be configured. Pointers into all are invalid after. */
struct ca_account *ca_staging(struct ca_accounts *all, const char *name, const struct ca_accounts *configured,
                              struct err *e);

/* Is the account one of a CA whose certificates nobody trusts? */
bool ca_staging_is_test(const struct ca_accounts *all, const struct ca_account *a);
