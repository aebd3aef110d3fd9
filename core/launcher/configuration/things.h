/* What certificates point at: CA accounts, DNS accounts, lists of deploy actions. */
#pragma once

#include "launcher/configuration/configuration.h"

/* Is there a thing of that name for the key (ca, backup_ca, dns, deploy)? Else false with e. */
bool things_find(const struct configuration *c, enum spec_key key, const char *name, struct err *e);
