/* Buckets of the CAs' limits, from run to run. */
#pragma once

#include <stdint.h>

struct turn;

/* When the bucket (common/bucket.h) is full again, seconds since 1970; 0: it is. account: a CA account, or a directory. */
int64_t ledger_row(struct turn *t, const char *account, const char *bucket);
void ledger_row_store(struct turn *t, const char *account, const char *bucket, int64_t full_at);
