/* The zone as the API knows it. */
#pragma once

#include "run.h"

/* Finds it (or remembers), sets {zone} and what its step and `lookup` capture. Wants {zone} and, if
 * there is one, {name}. A code of enum dnsproof_rc. */
int zone_find(struct run *r);

void zone_forget(struct run *r); /* what was remembered */
