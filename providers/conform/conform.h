/* Does a provider keep the rules of the ABI? */
#pragma once

#include <stdbool.h>

struct conform_wish {
	const char *file;         /* the case */
	const char *control;      /* in place of the file's, or NULL */
	const char *only;         /* rules whose line holds this, or NULL */
	const char *cold;         /* kinds of faults, by commas, for requests of a first call; NULL: all */
	const char *const *words; /* arguments for the hosts, NULL at the end */
	const char *program;      /* the provider host */
	bool verbose;
};

/* Prints TAP on standard output. Returns 0 when all rules are kept, 1 when not, 2 when it cannot be tried. */
int conform(const struct conform_wish *w);
