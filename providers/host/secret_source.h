/* Values by their source, when a person runs the host (the launcher does it otherwise). */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"

/* Adds "KEY=VALUE" as typed; VALUE may be file:/path, cred:NAME or env:NAME. False with e. A file that others can
 * read, or that anyone but its owner can write, is refused. */
bool secret_source_add(struct givens *g, const char *typed, struct err *e);

/* Fills the options that were not given from the environment, as common/env_names.h says. False with e. */
bool secret_source_add_environment(struct givens *g, const struct dnsproof_option *table, struct err *e);
