/* Which environment variables fill which options of a provider: one rule for dnsproof and for the provider
 * host that a person runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

struct env_option {
	const char *key;
	struct strs names; /* of variables; "file:NAME" is one that holds a path */
	bool required, one_of, secret;
	bool in_set; /* its names are of sets, one a program, told by their first word (RFC2136_) */
	bool given;  /* is not filled */
};

/* What fills an option. */
struct env_source {
	const char *key;
	const char *variable;
	const char *path; /* of a file with the value; NULL: the variable has it */
};

/*
 * Tells a source for each option that is to be filled: the first of its names that is set (an empty variable is
 * not), or NAME_FILE, which holds a path, if `absolute` one that begins with '/'. Nothing once an option of the
 * credential was given (a secret, or one of several ways to authenticate), so that what belongs to another
 * account is not mixed in; optional ones not even beside a required one that was. Options in sets are filled
 * from one set. False as soon as tell() says so.
 */
bool env_names_fill(const struct env_option *options, size_t n, bool absolute,
                    bool (*tell)(void *arg, const struct env_source *source), void *arg);
/* Frees the options and their names. */
void env_options_free(struct env_option *options, size_t n);
