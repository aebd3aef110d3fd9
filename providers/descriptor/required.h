/* Which credentials of a descriptor a user must give. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

/* Not optional, without default, and not of one among several authentications only. */
bool required_always(const json_t *root, const char *credential);

/* Mentioned by one of several authentications, but not by all of them. */
bool required_alternatively(const json_t *root, const char *credential);

/* Is {variable} (perhaps with filters or members) in any text of the tree, keys included? */
bool required_mentions(const json_t *tree, const char *variable);
