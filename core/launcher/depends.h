/* A digest of what a certificate depends on and a person may change: its settings and those of its CA account and DNS
 * accounts, and inode, time and size of each file that these name; what the accounts are called is nothing to it. With another digest a pause after failures is void. */
#pragma once

#include <stdint.h>

#include "launcher/ca_account.h"
#include "launcher/certificate.h"
#include "launcher/dns_account.h"

/* The last accounts that were looked at: most certificates have the same. Begins as {0}. */
struct depends {
	struct depends_ca {
		const struct ca_account *account;
		uint64_t digest;
	} ca, backup;
	const struct dns_account *dns;
	uint64_t dns_digest;
};

/* 16 hexadecimal digits; new. */
char *depends_digest(struct depends *d, const struct certificate *c, const struct ca_accounts *cas,
                     const struct dns_accounts *dns);
