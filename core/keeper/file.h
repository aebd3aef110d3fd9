/* Files and links in an open folder, written so that a crash leaves the old or the new one. */
#pragma once

#include "keeper/folder.h"

/* Makes a new file (it must not exist) of that mode whatever the umask, with its content durable;
 * the entry becomes durable by folder_sync. On failure nothing is left. */
bool file_write(const struct folder *f, const char *name, mode_t mode, const void *bytes, size_t n,
                struct err *e);

/* Puts a file into the place of an old one, if any, in one step, by way of ".NAME.tmp". The entry
 * becomes durable by folder_sync. */
bool file_replace(const struct folder *f, const char *name, mode_t mode, const void *bytes, size_t n,
                  struct err *e);

/* New NUL-terminated content of a regular file of at most `most` octets, or NULL. */
char *file_read(const struct folder *f, const char *name, size_t most, size_t *n, struct err *e);

/* Removes a file or a link; an absent one is no failure. */
bool file_drop(const struct folder *f, const char *name, struct err *e);

/* Has the symbolic link `name` point to target in one step, by way of ".NAME.tmp". */
bool file_link(const struct folder *f, const char *name, const char *target, struct err *e);

/* New string: where the link points; NULL on failure. */
char *file_link_target(const struct folder *f, const char *name, struct err *e);
