/* --serve: the engine's requests on standard input and output, one at a time, until end of file. */
#pragma once

#include "provision.h"

/* where: folders that go before the setup document's, or NULL. Returns the exit code: 0 at the end
 * of file, 1 when the engine broke the protocol, 2 when it cannot serve (told on the first line). */
int serve(const struct folders *where);
