/* Before a run of `renew` over everything: what has changed is taken into the index of certificates, and the launcher is
 * asked for those that are due, so that it need not hand over 100,000 that are not. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "engine/order/world.h"

struct index;

/* Asks the launcher for the rows of the index when it has others than these, else for what is due. e holds loop, launcher
 * and the job's first line. */
struct index *index_new(struct world *e);
void index_free(struct index *x); /* NULL allowed */

/* Rows of the launcher; after the last it is asked for what is due. */
void index_take(struct index *x, const json_t *rows);

/* The index could not be written or read, and it was told why: what it has not been asked for is not tried in this run. */
bool index_failed(const struct index *x);
