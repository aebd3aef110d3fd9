/* The guard of a list file: what changes too much at once is held back, and a wrong line changes nothing. */
#pragma once

#include "launcher/configuration/list_change.h"
#include "launcher/configuration/text_file.h"

struct list_guard {
	const struct text_file *file; /* borrowed, as are its lines */
	struct configuration before;  /* certificates of the accepted copy, without settings */
	size_t *start, starts;        /* its lines */
	unsigned searches;
};

void list_guard_begin(struct list_guard *g, const struct text_file *file);
void list_guard_end(struct list_guard *g);

/* What the wrong line described, in the accepted copy; NULL. text is cut. */
const struct configured *list_guard_described(struct list_guard *g, char *text);

/* How many may change, of n; max_change: "N", "N%" or NULL. SIZE_MAX: all. */
size_t list_guard_most(const char *max_change, size_t n);
bool list_guard_most_is_fine(const char *max_change);
