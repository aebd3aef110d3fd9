/* Certificates by which servers are trusted. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

/* A readable file with a PEM certificate in it? False with e. */
bool http_trust_bundle_ok(const char *path, struct err *e);

/* A folder with certificates by hash, which are read one by one when needed (a bundle is read whole)?
 * NULL is none. */
bool http_trust_folder_hashed(const char *path);
