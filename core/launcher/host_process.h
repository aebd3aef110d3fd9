/* A provider host as a process: it is started with the policy, options and secrets of one DNS account, greets, and
 * serves when it gets the word. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "common/err.h"
#include "common/str.h"
#include "launcher/dns_account.h"

struct host_process {
	pid_t pid;
	int socket;        /* our end of its standard input and output */
	int errors;        /* reads its standard error */
	int go;            /* on which it waits for the word to serve */
	struct strs masks; /* secrets that what it says must not show */
};

/* Starts one for a. False with e, and nothing is left then. */
bool host_process_start(struct host_process *p, const struct dns_account *a, unsigned verbose, struct err *e);

/* Waits until it has judged its options and opened, which asks nothing of the service. Its greeting stays in the
 * socket. False with e: why it cannot serve; *passes: it died or was silent, which says nothing against its options. */
bool host_process_judge(const struct host_process *p, const struct dns_account *a, bool *passes,
                        struct err *e);

/* The word to serve: with the run's lock, which it holds until it ends, and an opening of the write locks in `state`.
 * False with e. */
bool host_process_go(struct host_process *p, const char *state, int run_lock, struct err *e);

/* Kills and reaps it, and closes what is still open here (descriptors that the caller took are -1). */
void host_process_end(struct host_process *p);
