/* What an answer means. */
#pragma once

#include "answer.h"
#include "run.h"

/* A code of enum dnsproof_rc, STEP_ABSENT or STEP_EXISTS; failures are recorded with the provider's
 * words. absent_404: a 404 means absent unless the step says otherwise. */
int judge_answer(struct run *r, const json_t *step, const struct dnsproof_http_answer *raw,
                 const struct answer *a, bool absent_404);
