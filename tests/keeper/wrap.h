/* Faults in the system calls that change files: linked in place of them by -Wl,--wrap. */
#pragma once

#include <stdbool.h>

/* Has the call number `at` from now (1 = the next one) fail with that errno; 0 = end the process
 * there as if it were killed. wrap_off() ends it. */
void wrap_on(int at, int error);

/* Calls since wrap_on; hit: whether the chosen one was reached. */
int wrap_off(bool *hit);

/* How often these were called in this process. */
struct wrap_calls {
	unsigned fsyncs, mkdirs;
};
extern struct wrap_calls wrap_calls;

/* Has the write number `at` from now put another last octet than it was given, once. */
void wrap_spoil(int at);
