/* WHICH certificates a command is for: IDs, globs of IDs, names, --dns, --ca, --expiring; each narrows the choice. What is
 * an ID is that certificate alone, whatever others have such a name. */
#pragma once

#include "launcher/certificates.h"
#include "launcher/dns_account.h"
#include "launcher/options.h"

struct selection {
	const struct options *options;       /* borrowed */
	const struct dns_accounts *accounts; /* borrowed: to know an account by its provider */
	const char *state;                   /* borrowed */
};

/* Was any of these given? */
bool selection_is_given(const struct options *o);

/* Indexes into all of what is meant, into *at (new, sorted); how many into *n. False with e when a word, an account
 * or all of them together mean none. */
bool selection_make(const struct selection *s, const struct certificates *all, size_t **at, size_t *n,
                    struct err *e);
