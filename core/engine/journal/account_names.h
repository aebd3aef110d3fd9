/* Rows of an account that gets another name. */
#pragma once

#include <stdbool.h>

struct turn;

/* What is known of the account at its CA, what it was asked for, what rests: all of it is there by the new name then.
 * Where a row is there by both the later one holds. keep: the rows by the old name stay, else they go, and orders and
 * certificates follow. */
void ca_account_rename(struct turn *t, const char *from, const char *to, bool keep);

/* Values that are owed through it follow, too. */
void dns_account_rename(struct turn *t, const char *from, const char *to);
