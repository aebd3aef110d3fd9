/* --list: the modules and descriptors. */
#pragma once

#include <stdbool.h>

#include "provision.h"

/* Loads each in a process of its own, so that a bad one is told and the others are still shown.
 * Returns the exit code. */
int list_modules(const struct folders *where, bool json, int out);
