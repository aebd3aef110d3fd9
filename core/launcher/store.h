/* The keeper's store of certificates, seen from outside: nothing in it is read. */
#pragma once

#include <stdbool.h>

/* Is the live pair of this ID another one than that of the stamp (common/stamp.h), damaged or gone? */
bool store_differs(const char *state, const char *id, const char *stamp);
