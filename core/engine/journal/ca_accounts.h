/* The CA accounts that are registered. */
#pragma once

struct turn;

/* The account URL, or NULL when the account is not registered. New. */
char *ca_account_kid(struct turn *t, const char *account);
void ca_account_delete(struct turn *t, const char *account);
void ca_account_store(struct turn *t, const char *account, const char *directory, const char *kid);
