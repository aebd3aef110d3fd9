/* May this program be run? */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* True when path is absolute, an executable file, and it and every folder above it belong to root or
 * to this user and can be written by nobody else (sticky folders above it excepted). Else `why` says
 * what is wrong, with the path. */
bool program_is_trusted(const char *path, char *why, size_t size);

/* The same but for the right to execute it: for scripts that a shell reads. */
bool file_is_trusted(const char *path, char *why, size_t size);
