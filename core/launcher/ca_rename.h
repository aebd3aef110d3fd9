/* dnsproof ca rename: a CA account gets another name, and stays the same account at its CA. */
#pragma once

#include "launcher/options.h"

/* o->names: rename OLD NEW. Returns the exit code. */
int ca_rename(const struct options *o);
