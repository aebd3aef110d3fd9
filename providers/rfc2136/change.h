/* Changes of one zone: put into as few updates as the servers take, and read back afterwards. */
#pragma once

#include "verdict.h"

/* Carries out the changes in order and sets the rc of each. Those of one message (at most 100, and
 * never an add and a del of one value) happen together or not at all. `o` gets the first failure.
 * Returns its rc, or DNSPROOF_OK. */
enum dnsproof_rc changes_apply(struct outcome *o, struct primary *p, const char *zone,
                               struct dnsproof_change *changes, size_t n, int64_t deadline);
