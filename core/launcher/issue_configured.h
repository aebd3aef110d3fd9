/* `dnsproof issue ID` of a certificate that the configuration has. */
#pragma once

#include <stdbool.h>

#include "launcher/configuration/configuration.h"
#include "launcher/options.h"

/* Reads the configuration, if there is one (c is to be freed in any case), and tells whether o means a certificate of it:
 * *k is that, or NULL. False with e when it does and cannot be done so: the configuration is wrong, or more was typed
 * than its ID. `id`: what the command would call it else, or NULL. */
bool issue_configured_find(struct configuration *c, const struct options *o, const char *id,
                           const struct configured **k, struct err *e);

/* Fills out, its DNS accounts and its CA account: found or added in all, with the settings of the configuration. NULL
 * with e. */
struct ca_account *issue_configured_choose(const struct configuration *c, const struct configured *k,
                                           struct certificate *out, struct dns_accounts *dns,
                                           struct ca_accounts *all, struct err *e);
