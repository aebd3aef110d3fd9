/* STATE/state.db: its schema and how an older one is brought up to date. The tables have a file each:
 * intents.h, orders.h, runs.h, ca_accounts.h, events.h,
 * spread_times.h. */
#pragma once

#include "common/db.h"
#include "common/err.h"

/* Opens state.db in the folder, creates or migrates the schema (PRAGMA user_version). A newer schema
 * is refused; an older one is migrated after a copy was put beside it (state.db.vN). NULL with e; then *person says
 * whether only a person can mend it. */
struct db *journal_open(const char *state, bool *person, struct err *e);

/* The same for one that only reads. NULL with e empty when there is no state.db yet. */
struct db *journal_open_to_read(const char *state, struct err *e);

/* The version this program writes; and, for tests, the script that leads from version n to n + 1. */
int journal_version(void);
const char *journal_migration(int n);
