/* Finding, judging and loading one provider module. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/str.h"
#include "provider.h"
#include "http/services.h"

/* Is there FOLDER/NAME.so? */
bool module_exists(const char *name, const char *folder);

/*
 * Loads FOLDER/NAME.so (folder NULL: the compiled-in one) and copies its table to *out; members that
 * an older, smaller table lacks are zero. Nothing of the file runs before owner, mode and symbol were
 * checked, none of its calls before the table was. It is never unloaded. False with e, which names
 * the file or the module, the trouble and what to do.
 */
bool module_load(const char *name, const char *folder, struct dnsproof_provider *out, struct err *e);

/* Loads host-http.so from the folder of the modules, when one is given and it is there, else from the
 * folder of the programs, after the same checks of owner and mode. NULL with e. */
const struct services *services_load(const char *folder, struct err *e);

/* The check of a table (`symbol_size` octets are there) and its copy; a part of module_load. */
bool module_check(const void *table, size_t symbol_size, const char *name, struct dnsproof_provider *out,
                  struct err *e);

/* The names of the modules in the folder (NULL: the compiled-in one), sorted. */
bool module_names(const char *folder, struct strs *names, struct err *e);
