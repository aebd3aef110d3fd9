/* What changes between two readings of one list. */
#pragma once

#include "launcher/configuration/configuration.h"

/* The certificates of a list: they stand side by side. */
struct list_part {
	const struct configuration *c;
	size_t from, to;
};

struct list_change {
	size_t leave, arrive, rename;
};

/* old: what was, now: what is; one of them NULL where it leaves or arrives. */
typedef void list_change_fn(void *who, const struct configured *old, const struct configured *now);

/* tell may be NULL. */
struct list_change list_change_of(struct list_part old, struct list_part now, list_change_fn *tell,
                                  void *who);
