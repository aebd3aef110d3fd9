/* Which of the sources of credentials counts. */
#pragma once

#include "keys.h"

/* Fills *keys, or refreshes them when they are about to expire: the options access_key and
 * secret_key; else the profile; else a web identity; else the container's; else the instance's.
 * Then the role to assume. */
enum dnsproof_rc chain_get(const struct dnsproof_call *call, struct keys *keys);
/* Are the options that were given whole? Asks nobody. */
enum dnsproof_rc chain_check(const struct dnsproof_call *call);
