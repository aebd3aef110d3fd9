/* Which program has a port: words for a message, as far as /proc tells. */
#pragma once

/* "127.0.0.53 (systemd-resolve)" or "0.0.0.0"; new, NULL if not known. */
char *holder_of(unsigned port);
