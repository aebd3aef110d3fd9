/* Is a descriptor written as dnsproof-descriptor(5) says? */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "descriptor.h"

/* False with e: "file:line: what, expected what". */
bool grammar_check(const struct descriptor *d, struct err *e);
