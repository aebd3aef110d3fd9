/*
 * Where a provider's option comes from, so that no secret is in an argument or in a file of ours:
 *
 *	file:PATH   a file
 *	cred:NAME   a file of that name in $CREDENTIALS_DIRECTORY (systemd's LoadCredential=)
 *	env:NAME    an environment variable
 *	cmd:WORDS   what a program prints; words as in a shell, but only quotes mean anything
 *	fd:N        a descriptor that we were started with
 *
 * The launcher opens files, so that a provider host needs no right to them.
 */
#pragma once

#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

#define SECRET_MOST (64 * 1024) /* octets of a secret */

struct secret {
	int fd;      /* file, cred: opened for reading at its start, else -1; owned */
	char *value; /* the others: the value, else NULL; owned, wiped by secret_close */
};

bool secret_is_source(const char *text); /* begins like one of the above */

/* `file:` with an absolute path (seen from `folder` when relative); others as they are. New string,
 * NULL with e when it names nothing. */
char *secret_absolute(const char *source, const char *folder, struct err *e);

/* Opens a source. Refuses what is missing, empty, no regular file, readable by others, writable by
 * anyone but its owner, or owned by neither us nor root; e says what to type. `readable`: that others can
 * read a file is fine (secrets mounted into containers). Programs are run, and
 * descriptors read, once a process: what they gave is kept until secret_forget(). */
bool secret_open(const char *source, bool readable, struct secret *s, struct err *e);
void secret_close(struct secret *s);

/* The secret itself, without the newline at its end: new string, to be wiped; NULL with e. */
char *secret_value(const char *source, struct err *e);
void secret_forget(void);

/* Adds what must never be shown of an open secret: each line of it, and each long base64 run. */
void secret_masks(const struct secret *s, struct strs *masks);

/* Replaces every one of masks in text by "***", in place (text never grows). */
void secret_mask(char *text, const struct strs *masks);

void secret_masks_free(struct strs *masks); /* wipes */
