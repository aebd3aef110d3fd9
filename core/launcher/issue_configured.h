/* `dnsproof issue ID` of a certificate that the configuration has. */
#pragma once

#include <stdbool.h>

#include "launcher/configuration/configuration.h"
#include "launcher/options.h"

/* Does o mean a certificate of the configuration? *k is that, or NULL. False with e when more was typed than its ID. `id`:
 * what the command would call it else, or NULL. */
bool issue_configured_find(const struct configuration *c, const struct options *o, const char *id,
                           const struct configured **k, struct err *e);

/* Fills out, its DNS accounts and its CA account: found or added in all, with the settings of the configuration. NULL
 * with e. */
struct ca_account *issue_configured_choose(const struct configuration *c, const struct configured *k,
                                           struct certificate *out, struct dns_accounts *dns,
                                           struct ca_accounts *all, struct err *e);
