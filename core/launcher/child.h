/* Starting another program with nothing inherited but what is meant to be (fork and exec live only
 * here): listed descriptors, a clean environment, INT, TERM and HUP ignored. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/err.h"

struct child_plan {
	const char *path;
	char *const *argv;
	const int *fds; /* fds[i] becomes descriptor i of the child; -1 = /dev/null */
	size_t n;       /* every other descriptor is closed */
	bool own_group; /* a process group of its own, so that kill(-pid) reaches its children */
	bool die_with_us;
	bool interactive; /* signals keep their usual effect (a program run in our stead) */
};

/* The program's process, or -1 with e when it could not be started (an exec failure included: the
 * call returns when exec has happened). Borrowed descriptors stay open here. */
pid_t child_start(const struct child_plan *p, struct err *e);

/* Has it ended? Reaps it, and kills what is left of its group when own_group was set. *status is
 * as from waitpid(2). Does not wait. */
bool child_ended(pid_t pid, bool own_group, int *status);

/* Waits for the end of one child and gives its waitpid status. */
int child_wait(pid_t pid);

/* "exit code 3" or "signal 11 (Segmentation fault)"; new string. */
char *child_how(int status);

/* A connected pair of close-on-exec stream sockets. */
bool child_socketpair(int pair[2], struct err *e);

/* A descriptor from which `text` can be read once, from its start (memfd, or a pipe where there is
 * none). -1 with e. The caller closes it. */
int child_document(const char *text, struct err *e);

/* Full path of one of our programs: `name` in `folder`, or where the test hook `env` says (test builds only). New string. */
char *child_program(const char *folder, const char *env, const char *name);
