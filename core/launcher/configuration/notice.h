/* The keys that are maps: `notify` and `limits`. */
#pragma once

#include "launcher/configuration/scope.h"

/* New object, its scalars as text; NULL when something is wrong, which was told. */
json_t *notice_read(const struct scope *s, enum spec_key key, const struct yaml_node *v);
