/* `dnsproof config show`: what holds, and where it comes from, as YAML with comments on stdout. */
#pragma once

#include <stdbool.h>

#include "launcher/configuration/configuration.h"

/* One certificate; false when there is none of that ID. */
bool config_show(const struct configuration *c, const char *id);

/* Accounts, deploy lists, and a line for each certificate. */
void config_show_all(const struct configuration *c);
