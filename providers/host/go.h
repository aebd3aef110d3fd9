/* The launcher's word that a host which has opened may serve, and the locks it serves with. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

struct go {
	int lock;    /* the file in which scopes are locked (scope.h), -1: none */
	char *locks; /* folder of the locks that programs inherit, NULL: none */
};

/*
 * Waits on the socket fd for one line {"lock":BOOL, "locks":FOLDER or null}. If lock is true the first descriptor that
 * comes with it (SCM_RIGHTS) is the lock file; the others, such as the run's lock, stay open for as long as the process
 * lives. False at the end of file (e empty: the launcher wants no service) or with e. Closes fd; go_free in any case.
 */
bool go_wait(int fd, struct go *g, struct err *e);
void go_free(struct go *g); /* leaves the descriptors open */
