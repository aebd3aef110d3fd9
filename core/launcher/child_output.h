/* What another program writes to its standard output, read to the end. */
#pragma once

#include <stddef.h>

#include "common/buf.h"
#include "common/err.h"
#include "launcher/child.h"

/*
 * Starts p, whose fds[1] is set to a pipe here, and waits until it has closed that pipe and ended, ms at
 * most; then, and when it writes more than `out` may hold, it is killed with its process group. True when it ended
 * with exit code 0. False with e ("exit code 3", "no end within 20 s", ...), which names no program; what it
 * wrote until then is in out. Blocks.
 */
bool child_output_read(struct child_plan *p, int *fds, unsigned ms, struct buf *out, struct err *e);
