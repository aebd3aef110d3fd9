/* Small JSON files that are either the old or the new one, whatever happens. */
#pragma once

#include <jansson.h>
#include <stdbool.h>

#include "common/err.h"
#include "common/str.h"

/* New object; NULL with e empty when there is no such file, with e filled when it cannot be used. */
json_t *jsonfile_read(const char *folder, const char *name, struct err *e);

/* Writes FOLDER/NAME (0600): temporary file, fsync, rename, fsync of the folder. Does nothing when the
 * file holds just that already. json is borrowed. */
bool jsonfile_write(const char *folder, const char *name, const json_t *json, struct err *e);

/* Names of the folder's files that end in ".json", without that ending, sorted. */
bool jsonfile_list(const char *folder, struct strs *names, struct err *e);

/* A new or renamed file of the folder is there after a power cut. False with errno. */
bool jsonfile_sync(const char *folder);
