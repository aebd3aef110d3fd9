/* Which CA certificates are there to be trusted: files and folders, no certificates themselves. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

/* Can path be read, and does it hold a PEM certificate? */
bool ca_bundle_bundle_ok(const char *path, struct err *e);

/* Is this a folder of certificates named by hash, where OpenSSL reads the one it needs instead of
 * all? path may be NULL. */
bool ca_bundle_folder_hashed(const char *path);
