/* Which credentials of a descriptor a user must give. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"

/* Not optional, without default, and not of one among several authentications only. */
bool required_always(const json_t *root, const char *credential);

/* Mentioned by one of several authentications, but not by all of them. */
bool required_alternatively(const json_t *root, const char *credential);

/* Is {variable} (perhaps with filters or members) in any text of the tree, keys included? */
bool required_mentions(const json_t *tree, const char *variable);

/* Is there a whole set of credentials for one of the ways to authenticate among the options? False with e, which
 * names the missing half, or all the ways if nothing is given. */
bool required_complete(const char *provider, const json_t *root, const json_t *options, struct err *e);
