/* Conditions on an answer: `PATH == TEXT && ...`, a status, or a list of these. */
#pragma once

#include "path.h"

/* Does it hold? NULL cond: `standard`. A failure in it counts as no. A list of statuses holds if one of
 * them is it; a list of conditions if all do. */
bool cond_holds(struct run *r, const struct answer *a, const json_t *cond, bool standard);
