/* The configuration as a run uses it: as it stands, or as it was when it last loaded well. */
#pragma once

#include "launcher/configuration/configuration.h"

struct config_loaded {
	bool there;   /* what is in c may be used */
	bool broken;  /* the files are wrong: what is in c, if anything, was accepted earlier */
	size_t lines; /* of list and zone files that do not hold, and files that are held back */
};

/* Reads the configuration at `path`, tells what is wrong with it, and goes on with the accepted copies where it is broken
 * or gone. a is opened, and is for accepted_keep() once the state folder is there; accepted_close() in any case. False
 * with e when there is none, and was none. */
bool config_load(struct configuration *c, struct accepted *a, const char *state, const char *path,
                 struct config_loaded *l, struct err *e);

/* accepted_keep() and accepted_close(), after config_load(); a failure is told. */
void config_keep(struct accepted *a, const struct config_loaded *l);
