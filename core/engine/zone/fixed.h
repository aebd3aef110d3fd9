/* The text of --name-servers. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "engine/zone/cut.h"

/* "ZONE=ADDR,...", each with #PORT or :PORT (an IPv6 address in brackets then) if wanted: that zone has
 * exactly these servers. False with e when text is wrong. */
bool zone_fix(struct zone_cuts *c, const char *text, struct err *e);
