/* Opening a file that may be executed or loaded: only what the operator or root can have put there. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

#define TRUSTED_NAME_MOST 64
#define TRUSTED_NAME_SET  "abcdefghijklmnopqrstuvwxyz0123456789-"

/* A bare name of a module or a descriptor, which cannot lead out of its folder: ^[a-z0-9][a-z0-9-]*$, at
 * most 64 characters. */
bool trusted_name(const char *name);

/*
 * Opens a regular file for reading after walking to it from "/" folder by folder. The file and every
 * folder above it must belong to root, to this process' user or to the owner of "/" (which stands for
 * root inside a user namespace), and be writable by nobody else; a sticky folder such as /tmp may be
 * above it. Symbolic links are resolved first and what they lead to is judged. Returns a descriptor
 * (close-on-exec; the one that was judged), or -1 with e naming the thing that is not trusted.
 */
int trusted_open(const char *path, struct err *e);
