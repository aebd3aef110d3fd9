/* Keys of a certificate that stand at a DNS account: they hold for the certificates that it serves, over `defaults`, under
 * what the certificate, its list or its line says. */
#pragma once

#include "launcher/configuration/configuration.h"

/* Gives each certificate that such a key is for a layer with it. When all is read. */
void account_keys_apply(struct configuration *c);

/* Puts such keys of the DNS accounts of these names (what is none is passed over) into the settings of a certificate that
 * the configuration does not have, where those do not give them. */
void account_keys_add(const struct configuration *c, const struct strs *accounts, const struct strs *names,
                      json_t *settings);
