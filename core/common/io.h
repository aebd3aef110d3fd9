/* Whole reads and writes on blocking descriptors, and what a child closes before it becomes another
 * program. Failures are told by errno. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/* Writes all n octets; false with errno (ENOSPC when the system took none). */
bool io_write(int fd, const void *bytes, size_t n);

/* Appends everything up to the end of the file to b; false with errno, EFBIG when the cap of b would be
 * passed. No copy of what was read is left elsewhere: it may be a secret. */
bool io_read(int fd, struct buf *b);

/* The same until clock_ms() is `ends`: ETIMEDOUT. */
bool io_read_until(int fd, struct buf *b, uint64_t ends);

/* Has the lock of flock(2) on fd for this process alone, within ms; false with errno, EWOULDBLOCK when it was not to be had. */
bool io_lock(int fd, unsigned ms);

/* Closes every descriptor from `least` on. Calls only what is allowed between fork and exec. */
void io_close_from(int least);
