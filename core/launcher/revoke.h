/* Asks the CAs for revocations, and keeps what is owed. */
#pragma once

#include "launcher/ca_account.h"
#include "launcher/options.h"
#include "launcher/processes.h"
#include "launcher/revocation.h"

struct revoke {
	const char *state; /* borrowed, as the others */
	const struct options *options;
	const struct ca_accounts *ca_accounts;
};

/* A run for all of them but those that wait; what is done or refused is forgotten, the outcomes are in `all`. Nothing
 * is begun where there are none. */
struct processes_result revoke_all(const struct revoke *w, struct revocations *all);

/* The same for what is owed, after another run, whose result it makes graver. */
void revoke_owed(const struct revoke *w, struct processes_result *r);
