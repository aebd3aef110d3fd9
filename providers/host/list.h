/* --list: the modules of a folder. */
#pragma once

#include <stdbool.h>

/* Loads each in a process of its own, so that a bad one is told and the others are still shown.
 * folder NULL: the compiled-in one. Returns the exit code. */
int list_modules(const char *folder, bool json, int out);
