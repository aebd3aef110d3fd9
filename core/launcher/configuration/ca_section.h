/* The section `ca`: accounts at CAs. */
#pragma once

#include "launcher/configuration/scope.h"

/* One account; v->key is its name. What is wrong is told, and the account left out. */
void ca_section_take(const struct scope *s, const struct yaml_node *v);
