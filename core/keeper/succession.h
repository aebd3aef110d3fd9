/* Which CA's pair may follow which at a certificate's place. */
#pragma once

#include <stdbool.h>

#include "keeper/folder.h"
#include "keeper/setup.h"

/* May a pair of the CA with that directory (NULL: not known) take the place of what is live? One of a test CA does
 * not replace a trusted CA's, unless the setup allows it; a live pair that is not right is nothing to keep.
 * cert: certs/ID, locked; id: its ID. */
bool succession_allowed(const struct setup *s, const struct folder *cert, const char *id,
                        const char *directory, struct err *e);
