#include "engine/journal/ca_accounts.h"

#include "engine/journal/rows.h"

char *ca_account_kid(struct turn *t, const char *account)
{
	return rows_text(t, "SELECT kid FROM ca_accounts WHERE name=?", "s", account);
}

void ca_account_store(struct turn *t, const char *account, const char *directory, const char *kid)
{
	rows_change(t, "INSERT OR REPLACE INTO ca_accounts(name,directory,kid) VALUES(?,?,?)", "sss", account,
	            directory, kid);
}

void ca_account_delete(struct turn *t, const char *account)
{
	rows_change(t, "DELETE FROM ca_accounts WHERE name=?", "s", account);
}
