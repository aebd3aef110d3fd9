/* Secrets that cannot be what was meant: looked at before anything is asked with them. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "options.h"
#include "provider.h"

/* Files of other programs (NAME = value lines) where a single word is wanted, and for providers that speak HTTP also
 * quotes around it, blanks or several lines in it. False with e, in which nothing of the secret is. */
bool secret_forms_ok(const struct dnsproof_provider *p, const struct givens *given, struct err *e);
