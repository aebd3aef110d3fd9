/* A helper program of the tests (python3) that prints a number when it is ready and ends with our pipe. */
#pragma once

#include <sys/types.h>

struct peer {
	pid_t pid;
	int input; /* the peer's standard input: closing it ends the peer */
	int port;
};

/* Starts python3 tests/engine/SCRIPT ARG; exits with 99 (a failure) when it does not come up. */
void peer_start(struct peer *p, const char *script, const char *arg);
void peer_stop(struct peer *p);
