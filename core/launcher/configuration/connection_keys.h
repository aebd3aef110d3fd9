/* How an account connects: source_address and address_family. */
#pragma once

#include "launcher/configuration/scope.h"

/* Tells where the two contradict each other. */
void connection_keys_judge(const struct scope *s, const struct layer *l);
