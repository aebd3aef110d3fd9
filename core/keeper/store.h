/* The parts of the state folder that are the keeper's: STATE/keys (0700), STATE/certs/ID (0711). */
#pragma once

#include <stdbool.h>

#include "keeper/folder.h"

/* Opens STATE/keys, made if absent. folder_close when done. */
bool store_keys(const char *state, struct folder *keys, struct err *e);

/* Opens and locks STATE/certs/ID, made if absent; waits for another process that has the lock. The
 * ID must be a plain name. folder_close when done. */
bool store_cert(const char *state, const char *id, struct folder *cert, struct err *e);

/* The same without making it: cert is left closed (fd -1) on true when there is none. */
bool store_cert_if_any(const char *state, const char *id, struct folder *cert, struct err *e);
