/* Certificates of the configuration that another client renews, too. */
#pragma once

#include "launcher/configuration/configuration.h"

/* Adds a note for each: which name, which client, and what ends it. */
void config_rivals_add(const struct configuration *c, struct troubles *t);
