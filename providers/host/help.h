/* The help text of a provider, with what the operator gave filled in. */
#pragma once

#include "options.h"
#include "provider.h"

/* {{ becomes {, {key|instead} becomes the value given for key, {name|instead} name, else "instead". Of a list the first word
 * is taken; secrets and values that have a source are never shown. New string; NULL when there is no help. */
char *help_text(const struct dnsproof_provider *p, const struct givens *given, const char *name);
