/* The rules of the ABI as the kit asks them. */
#pragma once

#include "kit.h"

extern const struct rule conform_rules[]; /* ends with a NULL name */
extern const struct rule conform_races[];
extern const struct rule conform_faults[];

/* Is each kind of a list, separated by commas, one that the fault rules know? */
bool conform_faults_known(const char *kinds);
