/* The kinds of sources, each by itself; for secret.c. The rest of a source is what follows its colon. */
#pragma once

#include "common/buf.h"
#include "common/err.h"

/* A descriptor, or -1 with e. cred: the file's folder is systemd's. readable: others may read the file. */
int secret_file_open(const char *path, bool readable, struct err *e);
int secret_cred_open(const char *name, bool readable, struct err *e);
bool secret_cred_check(const char *name, struct err *e); /* may it be such a name at all? */

/* New strings, or NULL with e. A newline at the end is dropped. */
char *secret_cmd_read(const char *words, struct err *e);
bool secret_cmd_check(const char *words, struct err *e);
char *secret_fd_read(const char *number, struct err *e);
bool secret_fd_check(const char *number, struct err *e);

/* Modes and owner of an open regular file; `what` is its name in e. */
bool secret_file_is_fine(int fd, const char *what, bool readable, struct err *e);

/* The content as a secret: neither empty nor with a NUL octet. NULL with e; b is wiped. */
char *secret_text(struct buf *b, const char *what, struct err *e);
