/* --try: one call by hand, for authors and for a first look at credentials. */
#pragma once

#include <stdbool.h>

#include "setup.h"

/* argv: add|del|list|check|live ZONE NAME [VALUE], n words. Prints to out. json: the answer as it
 * would go to the engine, else words. Returns 0 ok, 1 the provider said no, 2 usage or options. */
int try_call(struct setup *s, int n, char **argv, bool json, int out);
