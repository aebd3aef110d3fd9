/* dnsproof dns rename: a DNS account gets another name, and what is owed through it follows. */
#pragma once

#include "launcher/options.h"

/* words: rename OLD NEW. Returns the exit code. */
int dns_rename(const struct options *o, const struct strs *words);
