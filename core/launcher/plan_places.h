/* Where the TXT values of what is planned were put last, so over which CNAME, in which zone and by which DNS account; as
 * the journal has it, of the last 90 days. */
#pragma once

#include "launcher/plan.h"

/* After the last certificate: of each row that is kept. False with e when state.db cannot be read. */
bool plan_places_read(struct plan *p, struct err *e);

/* A line for each name whose challenge name is a CNAME, or whose DNS account the row does not tell. */
void plan_places_print(const struct plan *p, const struct plan_row *r);

/* A list of all; new. */
json_t *plan_places_json(const struct plan_row *r);
