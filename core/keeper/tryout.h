/* The place of publication, tried before anything is ordered: what could not be published must not be issued. */
#pragma once

#include "keeper/folder.h"

/* Is `live` a link or absent, can a generation be written beside it, and is there room for one? Leaves nothing
 * behind; what a dead attempt left is removed. cert: certs/ID, locked. */
bool tryout(const struct folder *cert, struct err *e);
