/* What state.db holds, for `status` and `plan`: read, sent to the launcher, and nothing changed.
 *
 * Each row is a list, by kind, and a certificate's one text with a tab between its columns; times are seconds since
 * 1970, 0 = never. The certificates come last.
 *   runs          [last end of a `renew` of everything, last start of a run]
 *   failing       [ID, CA account, failures, next try, pause in seconds, "passing" or "person", since, what happened],
 *                 sorted by ID
 *   rests         ["ca NAME" or "dns NAME", since]
 *   later         [CA account or directory, about, until]  the CA asked for patience; about: as in journal/ca_waits.h,
 *                 "" = all requests
 *   ledger        [CA account, full at]                 of its new orders, where any count (common/bucket.h)
 *   limited       [CA account, bucket, until]           other buckets that allow nothing before that, of the CA accounts
 *                 that the job tells with their limits
 *   owed          [owner, zone, value, DNS account]     TXT values of no living run
 *   orders        [ID, CA account, state, created]      not ended, of no living run
 *   certificates  [ID, key type, names, CA account, DNS accounts, directory that issued it, profile, since, until,
 *                 renewed from, that was advised by the CA, gone since], sorted by ID; names: as published, else as wanted
 *
 * A job may name certificates; then it gets alone
 *   places        [ID, name, owner, zone, DNS account, when]  where the newest TXT value for the name (without "*.") was
 *                 put, of orders of the last 90 days; several where it was put at several accounts
 *
 * A job may ask for one of these kinds alone. Where it has the digest of what was handed over last, "brief" [] comes first, and certificates that are there, are
 * not due and did not fail are only counted; those that are not renewed, or are replaced, are left out:
 *   sums          [CA account, renewed from, number]    by day, after the certificates
 */
#pragma once

#include "engine/order/world.h"

/* e holds loop, launcher and job. The exit code; why it is not 0 has been told. No state.db: no rows. */
int report_send(struct world *e);
