/* What a provider host is started with: the policy, options and open secrets of one DNS account. */
#pragma once

#include "common/err.h"
#include "launcher/dns_account.h"
#include "launcher/secret.h"

#define HOST_SETUP_FIRST   4 /* descriptor of the first secret */
#define HOST_SETUP_SECRETS 16

struct host_setup {
	int fds[HOST_SETUP_FIRST + HOST_SETUP_SECRETS +
	        1]; /* 3: the document; 0 to 2 and `go` are the caller's */
	size_t n;
	size_t go; /* on which the host waits for the word to serve */
	struct secret secrets[HOST_SETUP_SECRETS];
	size_t secrets_n;
	struct strs masks;
};

/* False with e. host_setup_free in any case. */
bool host_setup_make(struct host_setup *s, const struct dns_account *a, unsigned verbose, struct err *e);
void host_setup_free(struct host_setup *s);
