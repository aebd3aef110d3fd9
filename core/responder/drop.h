/* Once the sockets are open nothing else is needed: what a process of an attacker would have is given up. */
#pragma once

#include <stdbool.h>

#include "common/err.h"

/* Before anything: no core dump, not to be traced, nothing by exec. */
void drop_dumps(void);

/* Root becomes user (NULL: dnsproof, else nobody). Where a user namespace knows no other user all capabilities
 * go. False with e when that fails. Any other user stays. */
bool drop_root(const char *user, struct err *e);
