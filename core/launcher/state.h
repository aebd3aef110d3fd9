/* The state folder: where it is, that it is there, that it can be written. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "launcher/exit_code.h"

/* Path of the folder that is used: --state made absolute, else LOCALSTATEDIR/lib/dnsproof for root,
 * else the XDG state folder. New string; NULL with e. */
char *state_path(const char *given, struct err *e);

/* Is the folder, if it is there, one that may be used: its owner and modes, and nothing else in it? */
bool state_check(const char *path, struct err *e);

/* Makes folder and subfolders if absent (only when `make`), then writes 64 KiB there and takes it away
 * again. EXIT_DONE, or the exit code for what e says. */
enum exit_code state_open(const char *path, bool make, struct err *e);
