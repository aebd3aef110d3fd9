/* Which certificates `renew --dry-run` tries when it is not said. */
#pragma once

#include "launcher/certificates.h"

/* One for each DNS account: indexes into all, into *at (new, sorted); returns how many. */
size_t dry_run_choose(const struct certificates *all, size_t **at);
