/* What a provider's options are, asked of the provider host. */
#pragma once

#include <jansson.h>

/* The folder of modules that a test build may be told of (DNSPROOF_PROVIDERDIR), else NULL. Borrowed. */
const char *provider_options_modules(void);
/* The same for descriptors (DNSPROOF_DESCRIPTORDIR). */
const char *provider_options_descriptors(void);

/* The array "options" of `dnsproof-provider --describe NAME --json`: objects with key, required, env
 * (array of names) and more; and behind them, with key alone, those that every provider has which speaks HTTP. NULL when it cannot be had: the provider host will say why when it is
 * started for work. New reference. Takes some milliseconds. */
json_t *provider_options(const char *provider);
