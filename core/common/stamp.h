/* What stat() alone tells of a file: another one as soon as it is written, replaced or removed. */
#pragma once

#include <stdint.h>

/* The hash h (common/fnv.h), followed by inode, size and time of change of `name` in the folder `at` (or AT_FDCWD); flags
 * as for fstatat(). A file that is missing, or may not be looked at, is another than one that is there. */
uint64_t stamp_file(uint64_t h, int at, const char *name, int flags);

/* Of the live pair in a certificate's folder, all its files together: new string, NULL when there is none. */
char *stamp_pair(int folder);
