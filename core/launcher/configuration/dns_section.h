/* The section `dns`: accounts at DNS providers. */
#pragma once

#include "launcher/configuration/scope.h"

/* One account; v->key is its name. What is wrong is told. Its zone file is read. */
void dns_section_take(const struct scope *s, const struct yaml_node *v);
