/* When a certificate's order goes to its backup CA. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* failures: in a row that were its CA's; since, until: the lifetime of what is there, seconds since 1970, until 0 =
 * nothing is. After three, or one when it is urgent. */
bool backup_serves(unsigned failures, int64_t since, int64_t until, int64_t now);
