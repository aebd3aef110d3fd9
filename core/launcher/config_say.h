/* What is wrong with a configuration, told. */
#pragma once

#include "launcher/configuration/configuration.h"

void config_say(const struct configuration *c, const struct troubles *t);
