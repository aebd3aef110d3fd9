/* All that there is to work on: certificates, DNS accounts and CA accounts, of the state folder and of the configuration. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "launcher/by_name.h"
#include "launcher/ca_account.h"
#include "launcher/certificates.h"
#include "launcher/config_load.h"
#include "launcher/configuration/configuration.h"
#include "launcher/dns_account.h"

struct inventory {
	int lock; /* share of the accounts' names (accounts_lock.h); 0: none yet */
	struct dns_accounts accounts;
	struct ca_accounts ca_accounts;
	struct certificates all;
	struct configuration conf;
	struct accepted accepted;
	struct config_loaded loaded;
	bool certificates; /* have been read */
	size_t damaged;    /* files of certificates that cannot be used */
};

/* Reads the configuration: `given` (--config), else the usual one, which need not be there; what is wrong with it is told,
 * and what loaded well before is used. False with e when there is none where it was said to be. */
bool inventory_configuration(struct inventory *i, const char *state, const char *given, struct err *e);

/* Reads the accounts that are remembered, whose names stand until inventory_free; what is damaged is told, and the others are there. */
bool inventory_accounts(struct inventory *i, const char *state, struct err *e);

/* After both: the certificates, what is damaged as above. */
bool inventory_certificates(struct inventory *i, const char *state, struct err *e);

/* The accounts that the configuration has a name for; of i, which must not move meanwhile. */
struct by_name inventory_by_name(struct inventory *i);

void inventory_free(struct inventory *i);
