#include "common/backup.h"

#include "common/lifetime.h"

#define ROW 3

bool backup_serves(unsigned failures, int64_t since, int64_t until, int64_t now)
{
	return failures >= ROW || (failures && until && now >= lifetime_urgent(since, until));
}
