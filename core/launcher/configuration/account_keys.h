/* Keys of a certificate that stand at a DNS account: they hold for the certificates that it serves, over `defaults`, under
 * what the certificate, its list or its line says. */
#pragma once

#include "launcher/configuration/configuration.h"

/* Gives each certificate that such a key is for a layer with it. When all is read. */
void account_keys_apply(struct configuration *c);
