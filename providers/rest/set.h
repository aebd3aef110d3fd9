/* APIs that replace all values of a name, or all records of a zone: read, change, write, read again. */
#pragma once

#include "run.h"

/* A change that is to be made; zone, name and the like are set by run_set_txt(). */
struct set_change {
	const struct dnsproof_txt *txt;
	bool del;
};

/* Makes all the changes with one write; for `rrset` all are of one name. A code of enum dnsproof_rc.
 * *changed: was anything written? */
int set_apply(struct run *r, const char *zone, const struct set_change *change, size_t n, bool *changed);

/* Tells all TXT values at the name. */
int set_list(struct run *r, void (*tell)(void *arg, const char *value), void *arg);

/* Is it read? For `check`. */
int set_check(struct run *r);
