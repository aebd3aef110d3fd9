/* When a certificate is parked: left alone, because its names have failed for so long after its end. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* park_after: seconds, 0 = never; failing_since: since when failures were of its names alone, 0 = the last was not; until:
 * the end of what is there, 0 = nothing is. All else in seconds since 1970. */
bool parking_holds(unsigned park_after, int64_t failing_since, int64_t until, int64_t now);
