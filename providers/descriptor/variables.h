/* The variables and filters that a descriptor may use. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Object whose keys are all variables: those that are always there, credentials, captured ones, those of
 * `sign`. New reference. */
json_t *names_known(const json_t *root);

/* The known name that is nearest, or NULL. */
const char *names_nearest(const json_t *known, const char *name);

/* 0 = no such filter, 1 = takes no argument, 2 = takes one. */
int names_filter(const char *name);
