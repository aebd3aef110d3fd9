/* The operator's own variables for a program: options `settings` (words) and `environment` (lines of a
 * secret). */
#pragma once

#include "command.h"

#define SETTINGS_OPTIONS                                                                                     \
	{"settings", 0, NULL, NULL, "variables for it: NAME=VALUE NAME=VALUE"},                              \
	{                                                                                                    \
		"environment", DNSPROOF_SECRET, NULL, NULL, "secret variables for it: lines NAME=VALUE"      \
	}

/* How a name is taken: the name to set, or NULL to leave this one out. */
typedef const char *settings_name_fn(const char *name);

/* Adds the variables of both options; name_of may be NULL. INVALID, said, for what is no variable. The
 * values of `environment` are made known as secrets. */
enum dnsproof_rc settings_add(struct command *c, settings_name_fn *name_of);
/* The same, to no effect: for `open`. */
enum dnsproof_rc settings_check(const struct dnsproof_call *call);
