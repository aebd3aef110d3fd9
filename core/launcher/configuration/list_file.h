/* List files: "name [name...] [key=value...] [> ID [key=value...]]" a line. */
#pragma once

#include "launcher/configuration/scope.h"

/* Adds a certificate for each line; `may`: by key, whether a line may set it. A wrong line is told and left out. */
void list_file_read(const struct scope *s, const char *path, const struct layer *entry, const bool *may);
