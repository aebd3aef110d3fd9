/* The provider hosts of a run: started on the engine's request with the policy and the secrets of one
 * DNS account, their stderr read, their end reported. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/err.h"
#include "common/loop.h"
#include "launcher/account.h"

struct hosts;

/* accounts is borrowed; lock: the run's lock file, inherited by each host. died is called once a host. */
struct hosts *hosts_new(struct loop *l, const struct accounts *accounts, int lock, unsigned verbose,
			void (*died)(void *arg, int host, const char *how, const char *last), void *arg);
void hosts_free(struct hosts *h); /* all must be dead; NULL allowed */

/* Starts a host: its number (> 0), *fd = our end of its standard input and output, owned by the
 * caller. 0 with e. */
int hosts_start(struct hosts *h, const char *account, int *fd, struct err *e);

void hosts_kill(struct hosts *h, int host); /* unknown numbers are ignored */
void hosts_kill_all(struct hosts *h);
void hosts_reap(struct hosts *h); /* after SIGCHLD */
size_t hosts_alive(const struct hosts *h);
