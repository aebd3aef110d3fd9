/* The root servers, as IANA publishes them (named.root). */
#pragma once

#include <stddef.h>

struct root_hint {
	const char *name, *v4, *v6;
};

extern const struct root_hint root_hints[];
extern const size_t root_hints_n;
