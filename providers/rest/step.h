/* A step of the descriptor: a request, the items of its answer (of all pages), what is captured. */
#pragma once

#include "path.h"

/* An item with the answer it is from. */
struct found {
	struct answer answer;
	struct node node;
};

struct results {
	struct found *at; /* those that match, in order */
	size_t n;
	struct answer answer; /* the last one */
};

enum {
	STEP_404 = 1,       /* 404 means absent */
	STEP_ANY_VALUE = 2, /* lines of `match` with {value} are left out */
};

/* Runs the request and gathers the items that match; without `items`, the answer as a whole, if it
 * matches. Returns a code of enum dnsproof_rc, STEP_ABSENT or STEP_EXISTS. */
int step_run(struct run *r, const json_t *step, int flags, struct results *out);

/* The same; with `each`, for every item of that list, all that match gathered, 404 skipped. */
int step_run_each(struct run *r, const json_t *step, int flags, struct results *out);

/* Captures from an item into the variables, and into `into` (may be NULL) besides. 0 or a code. */
int step_capture(struct run *r, const json_t *step, const struct found *from, json_t *into);

/* Runs a step whose first item is wanted, and captures. With `each`, for each item of a list until one
 * matches. STEP_ABSENT when there is no item. */
int step_simple(struct run *r, const json_t *step, int flags, json_t *into);

/* The same for a step or a list of steps; `optional` ones may fail. */
int step_list(struct run *r, const json_t *steps, json_t *into);
