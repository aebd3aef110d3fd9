/* What fails, is owed, rests or waits, each with the command that mends it: for `status` and `plan`. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "launcher/status.h"

#define TROUBLES_LISTED 20 /* of each kind without --all */

/* For people; nothing where there is none. */
void status_trouble_failures(const struct status *s, bool all);
void status_trouble_owed(const struct status *s);     /* TXT records, revocations */
void status_trouble_accounts(const struct status *s); /* that rest, or whose CA asked for patience */

/* Until when the CA of that certificate asked to be left in peace with its order; 0 = it did not. */
int64_t status_trouble_wait(const struct status *s, const struct standing_certificate *c);

/* For programs: "owed", "revocations", "resting" and "later", each a list; new. */
json_t *status_trouble_json(const struct status *s);
