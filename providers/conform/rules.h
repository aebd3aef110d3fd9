/* The rules of the ABI as the kit asks them. */
#pragma once

#include "kit.h"

extern const struct rule conform_rules[]; /* ends with a NULL name */
extern const struct rule conform_races[];
extern const struct rule conform_faults[];
