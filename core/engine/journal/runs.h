/* The runs that share one state folder: who is alive, who works on which certificate. */
#pragma once

#include <stdbool.h>

#include "common/str.h"

struct turn;

void run_insert(struct turn *t, const char *run);
/* Notes the end and drops the run's claims. What it still owes is found by the next run. */
void run_end(struct turn *t, const char *run, bool whole); /* whole: it looked at all that is due */

/* Does a process hold its lock STATE/runs/RUN.lock? */
bool run_is_alive(const char *state, const char *run);

/* The runs whose lock STATE/runs/RUN.lock is held by a living process (the launcher, the engine or a
 * provider host of it), our own first. Marks the others as ended. False: the turn is broken. */
bool runs_alive(struct turn *t, const char *state, const char *own, struct strs *alive);

enum claim {
	CLAIM_TAKEN,
	CLAIM_TAKEN_OVER, /* from a run that is not alive */
	CLAIM_HELD,
	CLAIM_FAILED,
};

/* Claims a certificate for `run` in this turn's transaction. HELD: *holder (new) names the living run
 * that has it. FAILED: the turn is broken. */
enum claim claim_take(struct turn *t, const char *cert, const char *run, const struct strs *alive,
                      char **holder);
