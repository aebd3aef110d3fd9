/* The index of STATE/accepted; for accepted*.c alone. */
#pragma once

#include "launcher/configuration/accepted.h"

/* Into a->old; what is damaged is not there. */
void accepted_index_read(struct accepted *a);
bool accepted_index_write(const struct accepted *a, const struct accepted_files *files, struct err *e);

/* A new member. */
struct accepted_file *accepted_add(struct accepted_files *f, enum accepted_kind kind, const char *path);

/* Takes the lock, for at most some seconds. */
bool accepted_lock(struct accepted *a);
