/* The section `deploy`: named lists of actions. Their shape is checked here; nothing is run. */
#pragma once

#include "launcher/configuration/scope.h"

/* One list; v->key is its name. */
void deploy_section_take(const struct scope *s, const struct yaml_node *v);
