/* WHICH certificates a command is for: IDs, globs of IDs, names, --dns, --ca, --expiring, --failed; each narrows the choice.
 * What is an ID is that certificate alone, whatever others have such a name. --dns and --ca are the account of that name
 * if the configuration has one, else all of that provider or at that CA. */
#pragma once

#include "launcher/inventory.h"
#include "launcher/options.h"

struct selection {
	const struct options *options; /* borrowed, as the others */
	const struct inventory *i;
	const char *state;
};

/* Was any of these given? */
bool selection_is_given(const struct options *o);

/* Indexes into the inventory's certificates of what is meant, into *at (new, sorted); how many into *n. False with e when a
 * word or an account means none, or when it cannot be read what failed. */
bool selection_make(const struct selection *s, size_t **at, size_t *n, struct err *e);
