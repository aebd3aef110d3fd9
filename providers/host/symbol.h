/* Looking into an ELF file without running anything of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"

/* Does the shared object open at fd define `name` as data (an object symbol, not a function, not
 * imported)? Its size goes to *size. Nothing of the file is executed, every offset in it is checked.
 * False with e, which speaks of "it" and names no file. */
bool symbol_find_data(int fd, const char *name, size_t *size, struct err *e);
