/* One run from the job to the exit code: what dead runs left, claims, what is due, all orders at once. */
#pragma once

#include "engine/order/world.h"

struct run;

/* e has loop, launcher, sign and job; fn gets the run's exit code (design section 10), once, never from
 * inside. e is borrowed. */
struct run *run_new(struct world *e, void (*fn)(void *arg, int code), void *arg);
void run_free(struct run *r); /* NULL allowed */

void run_wind_down(struct run *r);
