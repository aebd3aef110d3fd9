#include "engine/journal/ledger_rows.h"

#include "engine/journal/rows.h"

int64_t ledger_row(struct turn *t, const char *account, const char *bucket)
{
	return rows_number(t, "SELECT full_at FROM ledger WHERE ca_account=? AND bucket=?", "ss", account,
	                   bucket);
}

void ledger_row_store(struct turn *t, const char *account, const char *bucket, int64_t full_at)
{
	rows_change(t, "INSERT OR REPLACE INTO ledger(ca_account,bucket,full_at) VALUES(?,?,?)", "ssi",
	            account, bucket, full_at);
}
