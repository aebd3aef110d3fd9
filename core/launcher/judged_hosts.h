/* Provider hosts that were started to judge what was typed, before anything was written, and that serve the run
 * afterwards: the start of a program is a good part of what a short run costs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "launcher/dns_account.h"
#include "launcher/host_process.h"

struct judged_host {
	char *account;
	struct host_process process;
};

/* Begins as {0}. */
struct judged_hosts {
	struct judged_host *at;
	size_t n;
};

/* Starts one for a, in which the provider judges its options and opens; asks nothing of the service. False with e;
 * *passes: another time it may be right. */
bool judged_hosts_add(struct judged_hosts *all, const struct dns_account *a, unsigned verbose, bool *passes,
                      struct err *e);

/* Moves the account's into *p; false when there is none (all may be NULL), or it has died. */
bool judged_hosts_take(struct judged_hosts *all, const char *account, struct host_process *p);

void judged_hosts_free(struct judged_hosts *all); /* ends those that nobody took */
