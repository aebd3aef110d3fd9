/* Values by their source, when a person runs the host (the launcher does it otherwise). */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"

/* Adds "KEY=VALUE" as typed; VALUE may be file:/path, cred:NAME or env:NAME. False with e. A file that others can
 * read, or that anyone but its owner can write, is refused. */
bool secret_source_add(struct givens *g, const char *typed, struct err *e);

/* For each option that was not given: the first of its known environment names that is set, or NAME_FILE, which names
 * a file. Nothing once a secret or a DNSPROOF_ONE_OF was given; optional ones not even beside a required one. */
bool secret_source_add_environment(struct givens *g, const struct dnsproof_option *table, struct err *e);
