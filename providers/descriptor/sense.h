/* What no single key tells: does the descriptor do what a provider must? */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "descriptor.h"

/* For a descriptor whose keys are right. False with e. */
bool sense_check(const struct descriptor *d, struct err *e);
