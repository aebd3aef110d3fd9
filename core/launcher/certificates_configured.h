/* What the configuration has, among all certificates. */
#pragma once

#include "launcher/certificates.h"
#include "launcher/configuration/configuration.h"

#define ORIGIN_CONFIGURATION "configuration"

/* Puts the certificates of c into all, before what `issue` remembered under the same ID, and their accounts into dns
 * and cas. A message for each that cannot be done goes to `damaged`. */
void certificates_configured(struct certificates *all, const struct configuration *c,
                             struct dns_accounts *dns, struct ca_accounts *cas, struct strs *damaged);
