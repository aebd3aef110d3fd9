/* One account as it is served: its policy and its provider. */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "policy.h"
#include "provision.h"
#include "scope.h"
#include "session.h"
#include "setup.h"

struct host {
	struct policy policy;
	struct provision provision;
	struct session session;
	struct scopes scopes;
	struct givens given; /* whence the options came, without the values */
	char *service;       /* what the account's writes go to, for the locks: provider, URL */
};

/* Loads the module, resolves the options (with_environment: known environment names stand in for
 * required options that are missing) and opens the session. Takes policy and options out of the setup.
 * False with e: "account: trouble and what to type". */
bool host_start(struct host *h, struct setup *s, bool with_environment, struct err *e);

/* Its write scopes are locked from now on, by the file `lock` (-1: none) and in the folder `locks` (copied; NULL: none):
 * see scope.h. Before the first call. */
void host_lock(struct host *h, int lock, const char *locks);

/* Only for a host that was started. Wipes all secrets. */
void host_stop(struct host *h);
