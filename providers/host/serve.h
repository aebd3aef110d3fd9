/* --serve: the engine's requests on standard input and output, one at a time, until end of file. */
#pragma once

/* modules: folder that goes before the setup document's, or NULL. Returns the exit code: 0 at the end
 * of file, 1 when the engine broke the protocol, 2 when it cannot serve (told on the first line). */
int serve(const char *modules);
