/* What is right and still good to know about a configuration. */
#pragma once

#include "launcher/configuration/configuration.h"

/* Keys that nothing acts on yet, once each. */
void notes_add(const struct configuration *c, struct troubles *t);
