/* One request of a step, sent and judged. */
#pragma once

#include "answer.h"
#include "pairs.h"
#include "run.h"

/* next, extra: see outgoing_make(). Returns a code of enum dnsproof_rc, STEP_ABSENT or STEP_EXISTS. */
int request_send(struct run *r, const json_t *step, const char *next, const struct pairs *extra,
                 bool absent_404, struct answer *a);
