/* Renewals that would come all at once, as after an outage of the CA, are spread: some are made before they are due,
 * inside the window in which that may be (run/due.h), so many in an hour that the rest needs no greater rate than
 * that; for each CA account by itself. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/str.h"

/* Adds to *early, in their order, the certificates that this run renews before they are due: none when a run of this
 * hour has looked after that. */
bool levelling_choose(struct db *d, int64_t now, struct strs *early, struct err *e);
